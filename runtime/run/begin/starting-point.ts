/** Where a run goes on from: the newest checkpoint, or a model in memory or on disk. */
import type { Schema } from '../../../dsl/column.ts';
import type { Model } from '../../model/model.ts';
import { pipelineOf } from '../../model/model.ts';
import type { Checkpoint } from '../../store/checkpoints/generation.ts';
import { newestIn } from '../../store/checkpoints/newest.ts';
import type { Checkpoints } from '../../store/checkpoints.ts';
import { readModelFile } from '../../store/model/model-file.ts';
import { pathOf } from '../../store/model/save.ts';
import { readStates } from '../../store/read-states.ts';
import { refuseToRead } from '../../store/refusals.ts';
import type { Tensors } from '../../store/safetensors.ts';
import { tensorsOf } from '../../store/safetensors.ts';
import type { CapturedState } from '../keep/capture.ts';
import { capturedStateFrom } from '../keep/captured-state.ts';
import type { Settings } from '../options.ts';
import type { OldState } from './resume.ts';
import { oldStates } from './resume.ts';

export interface StartingPoint {
  /** What it is called in events; undefined of a model in memory. */
  readonly from: string | undefined;
  readonly states: readonly OldState[];
  /** Of the data that it was trained on. */
  readonly schema: Schema;
  /** Of a checkpoint: what the run knew. */
  readonly captured?: CapturedState;
  /** By the names of snapshots. */
  readonly snapshots?: ReadonlyMap<string, Tensors>;
}

/** A generation that was passed over, and why. */
export interface Damage {
  readonly generation: string;
  readonly reason: string;
}

export interface Found {
  readonly point: StartingPoint | undefined;
  readonly damaged: readonly Damage[];
}

/** What the options of a run ask it to go on from; `own` are the checkpoints that it writes. */
export async function foundFor({ resume, from }: Settings, own: Checkpoints | undefined): Promise<Found> {
  if (from !== undefined) return modelPoint(from);
  if (resume === false) return { point: undefined, damaged: [] };
  if (resume === true) return own ? newestPoint(own) : { point: undefined, damaged: [] };
  const directory = pathOf(resume);
  return newestPoint(own?.isAt(directory) ? own : directory);
}

/** The newest checkpoint that is whole: of a directory that the run has opened, or of another one. Undefined where there is none. */
async function newestPoint(place: Checkpoints | string): Promise<Found> {
  const damaged: Damage[] = [];
  const onDamaged = (generation: string, reason: string): void => {
    damaged.push({ generation, reason });
  };
  const found =
    typeof place === 'string' ? await newestIn(place, onDamaged) : await place.newest({ onDamaged });
  if (!found) return { point: undefined, damaged };
  try {
    return { point: pointOf(found), damaged };
  } catch (error) {
    return refuseToRead(error, {
      what: found.generation.name,
      folder: typeof place === 'string' ? place : place.path,
    });
  }
}

function pointOf({ generation, program, state, tensors }: Checkpoint): StartingPoint {
  const { state: entries, contract } = readModelFile(program);
  const captured = capturedStateFrom(state);
  const group = (name: string): Tensors => tensors.get(name) ?? new Map();
  return {
    from: generation.name,
    states: [...oldStates(entries, group('weights')), ...oldStates(entries, group('training'))],
    schema: contract.schema,
    captured,
    snapshots: new Map(captured.snapshots.map(({ generation }, at) => [generation, group(`snapshot-${at}`)])),
  };
}

/** A model: what it has learned, its optimizer's slots and step; the data begin anew. */
async function modelPoint(from: Model | string | URL): Promise<Found> {
  if (typeof from === 'string' || from instanceof URL) {
    const { folder, entries, schema, tensors, damaged } = await readStates(from);
    const states = oldStates(entries, tensors);
    return { point: { from: folder, states, schema }, damaged };
  }
  const loaded = pipelineOf(from);
  const entries = loaded.compiled.module.state;
  const tensors = tensorsOf(entries, (id) => loaded.valuesOf(id));
  const states = oldStates(entries, tensors);
  return { point: { from: undefined, states, schema: loaded.contract.schema }, damaged: [] };
}

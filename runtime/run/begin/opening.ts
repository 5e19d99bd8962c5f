/** How a run begins: with first values, or with what a checkpoint or a model holds. */
import { sizeOf } from '../../../compiler/op/values.ts';
import type { Batches } from '../../../dsl/dataset.ts';
import type { Told } from '../../commands/command.ts';
import { signatureOf } from '../../data/signature.ts';
import { unfitted, wordsInCommon } from '../../data/words/vocabularies.ts';
import type { RunStarted } from '../../events/event.ts';
import { programIdentity } from '../../store/model/program-identity.ts';
import type { RunHooks } from '../hooks.ts';
import type { CapturedState } from '../keep/capture.ts';
import type { Snapshots } from '../keep/snapshots.ts';
import type { LoadedPipeline, Snapshot } from '../loaded-pipeline.ts';
import type { Settings } from '../options.ts';
import type { RunState } from '../run-state.ts';
import type { Teller } from '../teller.ts';
import type { FittedBefore } from './fitting.ts';
import { takeOver } from './resume.ts';
import type { Found, StartingPoint } from './starting-point.ts';

export interface OpeningParts {
  /** Whether the pipeline was trained before. */
  readonly again: boolean;
  readonly name: string;
  readonly engine: { readonly name: string };
  readonly data: Batches;
  readonly validation: Batches | undefined;
  readonly metrics: readonly string[];
  readonly settings: Settings;
}

/** The parts of a run that going on changes. */
export interface OpenedRun {
  readonly state: RunState;
  readonly hooks: RunHooks;
  readonly snapshots: Snapshots;
  tell(event: Told): void;
}

type Opening = Omit<RunStarted, 'type' | 'number' | 'time' | 'step' | 'epoch'>;

export function openingOf({ name, engine, settings, metrics, validation }: OpeningParts): Opening {
  const { epochs, steps, seed } = settings;
  return {
    pipeline: name,
    engine: engine.name,
    seed,
    ...(Number.isFinite(epochs) && { epochs }),
    ...(Number.isFinite(steps) && { steps }),
    metrics,
    validation: validation !== undefined,
  };
}

/** Gives all states their values and tells how the run begins; gives what was fitted to the data before. */
export function begin(
  parts: OpeningParts,
  loaded: LoadedPipeline,
  found: Found,
  run: OpenedRun,
): FittedBefore {
  const { point, damaged } = found;
  const before = point ? goOn(parts, loaded, point, run) : { words: new Map(), states: false };
  if (!point) {
    loaded.initialise(parts.settings.seed);
    run.tell({ type: 'runStarted', ...openingOf(parts), ...(parts.again && { again: true as const }) });
  }
  for (const damage of damaged) run.tell({ type: 'checkpointDamaged', ...damage });
  return before;
}

function goOn(
  parts: OpeningParts,
  loaded: LoadedPipeline,
  point: StartingPoint,
  run: OpenedRun,
): FittedBefore {
  const { module, contract } = loaded.compiled;
  const same = point.captured?.program === programIdentity(module);
  const { fresh, unused } = takeOver(loaded, point.states, {
    withSums: same,
    seed: parts.settings.seed,
  });
  const { schema } = parts.data.rows;
  const words = wordsInCommon(schema, point.schema);
  const unknown = unfitted(schema).filter(([name]) => !words.has(name));
  const others = [
    ...unknown.map(([name]) => `vocabulary of ${name}`),
    ...(point.captured ? takeUp(parts, loaded, point, point.captured, run) : ['data']),
  ];
  run.tell({
    type: 'runResumed',
    ...openingOf(parts),
    ...(point.from !== undefined && { from: point.from }),
    exact: same && fresh.length + unused.length + others.length === 0,
    fresh: [...fresh, ...others],
    unused,
  });
  const labels = new Map(module.state.map(({ id, label }) => [id, label]));
  const states = (contract.fit?.states ?? []).every((id) => !fresh.includes(labels.get(id) ?? id));
  return { words, states };
}

/** Goes on with what a run knew; gives what has to begin anew. */
function takeUp(
  { data, settings }: OpeningParts,
  loaded: LoadedPipeline,
  { snapshots = new Map() }: StartingPoint,
  captured: CapturedState,
  { state, hooks, snapshots: kept }: OpenedRun,
): readonly string[] {
  const { run } = captured;
  Object.assign(state, run);
  const fresh = [...hooks.resume(run.hooks, run.asked)];
  for (const { generation, ...rest } of captured.snapshots) {
    const values: Snapshot = new Map(
      [...(snapshots.get(generation) ?? [])].map(([id, { values }]) => [id, values]),
    );
    if (fits(loaded, values)) kept.keep(generation, { ...rest, values });
    else fresh.push(`snapshot ${generation}`);
  }
  if (captured.data !== signatureOf(data)) {
    fresh.push('data');
    if (run.epochBegan !== undefined) {
      // It begins anew, and so do its events.
      state.epoch--;
      state.untold = undefined;
    }
    state.epochBegan = undefined;
    state.data = undefined;
    state.seen = undefined;
  }
  if (captured.seed !== settings.seed) fresh.push('seed');
  return fresh;
}

/** The event that a hook has failed of. Gives whether there is one. */
export function tellUntold(state: RunState, teller: Teller): boolean {
  const { untold } = state;
  if (!untold) return false;
  state.untold = undefined;
  state.events = untold.number;
  teller.say(untold);
  return true;
}

/** Whether a snapshot is one of this program. */
function fits({ compiled }: LoadedPipeline, values: Snapshot): boolean {
  const lengths = new Map(compiled.module.state.map(({ id, shape }) => [id, sizeOf(shape)]));
  return [...values].every(([id, { length }]) => lengths.get(id) === length);
}

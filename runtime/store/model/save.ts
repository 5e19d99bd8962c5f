/** Saves a model in a folder: `model.json` names its weights, as safetensors, and its program, as JSON. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from '../../../compiler/ir/print.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Card } from '../../../compiler/op/card.ts';
import type { LoadedPipeline } from '../../run/loaded-pipeline.ts';
import { checkFinite } from '../finite.ts';
import type { FileSystem } from '../folder/file-system.ts';
import { nodeFileSystem } from '../folder/node-file-system.ts';
import { jsonPart, safetensorsPart } from '../parts.ts';
import { tensorsOf } from '../safetensors.ts';
import { foreignOps } from './foreign-ops.ts';
import { modelFileName, writeModelFile } from './model-file.ts';
import { saveFolder } from './save-folder.ts';

export interface Savable {
  readonly loaded: LoadedPipeline;
  readonly seed: number;
  /** Whether it is trained meanwhile: its values are then copied at once, so that they belong together. */
  readonly isTraining?: boolean;
}

export interface SaveOptions {
  /** Saves weights that are NaN or infinite, too. Default false: they are refused with STO802. */
  readonly allowNonFinite?: boolean | undefined;
  /**
   * Saves the optimizer's slots and step, too, with which `train(pipeline, { from })` goes on. Default true; predicting needs
   * none of it.
   */
  readonly optimizer?: boolean | undefined;
}

/** Parameters and layers' state are saved, and what training goes on with beside them; the sums of metrics are not. */
export async function save(
  savable: Savable,
  directory: string | URL,
  { allowNonFinite = false, optimizer = true }: SaveOptions = {},
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const { loaded, seed, isTraining = false } = savable;
  const read = (id: string) => loaded.valuesOf(id, isTraining ? 'copy' : 'view');
  const entries = loaded.states('param', 'state');
  const weights = tensorsOf(entries, read);
  const training = tensorsOf(loaded.states('slot', 'run'), read);
  const labels = new Map(entries.map(({ id, label }) => [id, label]));
  if (!allowNonFinite) await checkFinite(weights, (id) => labels.get(id) ?? id);
  const parts = new Map([
    ['weights', safetensorsPart('weights', weights)],
    ['program', jsonPart('program', programText(savable))],
  ]);
  if (optimizer && training.size > 0) parts.set('training', safetensorsPart('training', training));
  const { name } = loaded.compiled.module;
  const change = { name: modelFileName, facts: { name, seed }, parts };
  await saveFolder(fs, pathOf(directory), change, 'the model', nowhere);
}

/** All of a model but its weights; the same text for as long as a pipeline is trained. */
export function programText({ loaded, seed }: Savable): string {
  const { compiled } = loaded;
  const { name, capacity, lengths, state, programs } = compiled.module;
  const foreign = foreignOps(compiled.module);
  const op = (card: Card): string => foreign.get(card)?.word ?? card.name;
  return writeModelFile({
    name,
    seed,
    capacity,
    lengths: lengths?.sizes,
    contract: compiled.contract,
    state,
    programs: [...programs].map(([program, { graph }]) => [program, print(graph, { file: basename, op })]),
    foreign: [...foreign.values()],
  });
}

export function pathOf(directory: string | URL): string {
  return directory instanceof URL ? fileURLToPath(directory) : directory;
}

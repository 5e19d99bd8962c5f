/** Saves a model in a folder: `model.json` names its weights, as safetensors, and its program, as JSON. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from '../../compiler/ir/print.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Card } from '../../compiler/op/card.ts';
import type { LoadedPipeline } from '../run/loaded-pipeline.ts';
import { checkFinite } from './finite.ts';
import type { FileSystem } from './folder/file-system.ts';
import { nodeFileSystem } from './folder/node-file-system.ts';
import { foreignOps } from './foreign-ops.ts';
import { modelFileName, writeModelFile } from './model-file.ts';
import { jsonPart, safetensorsPart } from './parts.ts';
import type { Tensors } from './safetensors.ts';
import { saveFolder } from './save-folder.ts';

export interface Savable {
  readonly loaded: LoadedPipeline;
  readonly seed: number;
}

export interface SaveOptions {
  /** Saves weights that are NaN or infinite, too. Default false: they are refused with STO802. */
  readonly allowNonFinite?: boolean | undefined;
}

/** Parameters and layers' state are saved; the optimizer's slots and the sums of metrics are not part of a model. */
export async function save(
  savable: Savable,
  directory: string | URL,
  { allowNonFinite = false }: SaveOptions = {},
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const { loaded, seed } = savable;
  const entries = loaded.states('param', 'state');
  // Not copied where that can be helped: a copy of a hundred megabytes keeps the event loop waiting.
  const { session } = loaded;
  const weights: Tensors = new Map(
    entries.map((entry) => {
      const values = session.view?.(entry.id) ?? session.read(entry.id);
      return [entry.id, { ...entry, values }];
    }),
  );
  const labels = new Map(entries.map(({ id, label }) => [id, label]));
  if (!allowNonFinite) await checkFinite(weights, (id) => labels.get(id) ?? id);
  const parts = new Map([
    ['weights', safetensorsPart('weights', weights)],
    ['program', jsonPart('program', programText(savable))],
  ]);
  const { name } = loaded.compiled.module;
  const change = { name: modelFileName, facts: { name, seed }, parts };
  await saveFolder(fs, pathOf(directory), change, 'the model', nowhere);
}

/** All of a model but its weights; the same text for as long as a pipeline is trained. */
export function programText({ loaded, seed }: Savable): string {
  const { compiled } = loaded;
  const { name, capacity, state, programs } = compiled.module;
  const foreign = foreignOps(compiled.module);
  const op = (card: Card): string => foreign.get(card)?.word ?? card.name;
  return writeModelFile({
    name,
    seed,
    capacity,
    contract: compiled.contract,
    state,
    programs: [...programs].map(([program, { graph }]) => [program, print(graph, { file: basename, op })]),
    foreign: [...foreign.values()],
  });
}

export function pathOf(directory: string | URL): string {
  return directory instanceof URL ? fileURLToPath(directory) : directory;
}

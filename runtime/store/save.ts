/** Saves a model as a directory of `weights.safetensors` and `model.json`. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from '../../compiler/ir/print.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Card } from '../../compiler/op/card.ts';
import type { LoadedPipeline } from '../run/loaded-pipeline.ts';
import { foreignOps } from './foreign-ops.ts';
import { modelFileName, sha256, weightsFileName, writeModelFile } from './model-file.ts';
import { saveDirectory } from './replace-directory.ts';
import { encodeSafetensors } from './safetensors.ts';

export interface Savable {
  readonly loaded: LoadedPipeline;
  readonly seed: number;
}

const kind = { what: 'the model', saved: 'a saved model', mine: modelFileName };

/** Parameters and layers' state are saved; the optimizer's slots and the sums of metrics are not part of a model. */
export async function save({ loaded, seed }: Savable, directory: string | URL): Promise<void> {
  const { compiled, session } = loaded;
  const { name, capacity, state, programs } = compiled.module;
  const foreign = foreignOps(compiled.module);
  const op = (card: Card): string => foreign.get(card)?.word ?? card.name;
  const tensors = loaded
    .states('param', 'state')
    .map((entry) => [entry.id, { ...entry, values: session.read(entry.id) }] as const);
  const weights = encodeSafetensors(new Map(tensors), { format: 'millrace' });
  const json = writeModelFile({
    name,
    seed,
    capacity,
    contract: compiled.contract,
    state,
    programs: [...programs].map(([program, { graph }]) => [program, print(graph, { file: basename, op })]),
    foreign: [...foreign.values()],
    weights: { file: weightsFileName, bytes: weights.length, sha256: sha256(weights) },
  });
  const files = new Map<string, Uint8Array | string>([
    [weightsFileName, weights],
    [modelFileName, json],
  ]);
  await saveDirectory(pathOf(directory), files, kind, nowhere);
}

export function pathOf(directory: string | URL): string {
  return directory instanceof URL ? fileURLToPath(directory) : directory;
}

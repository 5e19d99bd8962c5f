/** Saves a model as a directory of `weights.safetensors` and `model.json`. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { RUN808 } from '../../compiler/diagnostics/run.ts';
import type { ProgramName } from '../../compiler/ir/graph.ts';
import { programNames } from '../../compiler/ir/graph.ts';
import { print } from '../../compiler/ir/print.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Machine } from '../run/machine.ts';
import { modelFileName, sha256, weightsFileName, writeModelFile } from './model-file.ts';
import { replaceDirectory } from './replace-directory.ts';
import { encodeSafetensors } from './safetensors.ts';

export interface Savable {
  readonly machine: Machine;
  readonly seed: number;
}

/** Parameters and layers' state are saved; the optimizer's slots and the sums of metrics are not part of a model. */
export async function save({ machine, seed }: Savable, directory: string | URL): Promise<void> {
  const { compiled, session } = machine;
  const { name, schema, metrics, outputs, state } = compiled;
  const tensors = machine
    .states('param', 'state')
    .map((entry) => [entry.name, { ...entry, values: session.read(entry.name) }] as const);
  const weights = encodeSafetensors(new Map(tensors), { format: 'millrace' });
  const programs = Object.fromEntries(
    programNames.map((program) => [program, print(compiled.programs[program].graph, { file: basename })]),
  ) as Record<ProgramName, string>;
  const json = writeModelFile({
    name,
    seed,
    schema,
    metrics,
    outputs,
    capacity: compiled.programs.predict.plan.capacity,
    state,
    programs,
    weights: { file: weightsFileName, bytes: weights.length, sha256: sha256(weights) },
  });
  const files = new Map<string, Uint8Array | string>([
    [weightsFileName, weights],
    [modelFileName, json],
  ]);
  const path = pathOf(directory);
  try {
    await replaceDirectory(path, files, modelFileName);
  } catch (error) {
    refuseBecause(
      RUN808({
        message: `the model cannot be saved: ${saying(error)}`,
        span: nowhere,
        expected: 'a directory that is new, empty, or holds a saved model',
        received: path,
      }),
      error,
    );
  }
}

export function pathOf(directory: string | URL): string {
  return directory instanceof URL ? fileURLToPath(directory) : directory;
}

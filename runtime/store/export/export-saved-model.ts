/** Writes a model as a TensorFlow SavedModel that other programs serve, and train if asked. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { emitTensorflow, mark } from '../../../compiler/6-emit/tensorflow/index.ts';
import type { Compiled } from '../../../compiler/compile.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import { exportFile } from './export-file.ts';

export interface ExportParts {
  readonly compiled: Compiled;
  /** The values of every state that the programs use. */
  readonly values: (state: string) => ArrayLike<number>;
  /** Exports the training step as well, as the signature `train`. Default false. */
  readonly training?: boolean;
}

/**
 * The signatures: `serving_default` predicts; programs of the pipeline's own are called by their names; `train` takes one
 * step and gives the loss and the metrics.
 */
export async function exportSavedModel(
  { compiled, values, training = false }: ExportParts,
  directory: string,
): Promise<void> {
  const roles = training ? undefined : ['param', 'state', 'run'];
  const { module, contract } = compiled;
  const state = module.state.filter(({ role }) => roles?.includes(role) ?? true);
  const { predict, step, answers } = contract;
  const own = answers.map(({ program }) => program).filter((name) => name !== predict.program);
  const signatures = {
    ...Object.fromEntries(own.map((name) => [name, name])),
    serving_default: predict.program,
    ...(training && { train: step.program }),
  };
  const { bytes } = emitTensorflow(
    { ...module, state },
    { programs: Object.values(signatures), values, signatures },
  );
  await exportFile(directory, { name: 'saved_model.pb', bytes, mark }, nowhere);
  // Loaders look for variables in a folder of this name, which may be empty.
  await mkdir(join(directory, 'variables'), { recursive: true });
}

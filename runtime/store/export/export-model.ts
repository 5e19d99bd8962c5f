/** Writes a model in a form that other programs read. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN808 } from '../../../compiler/diagnostics/run.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { LoadedPipeline } from '../../run/loaded-pipeline.ts';
import type { Tensors } from '../safetensors.ts';
import { encodeSafetensors } from '../safetensors.ts';
import { exportFile } from './export-file.ts';

export type ExportFormat = 'savedmodel' | 'safetensors';

export interface ExportOptions {
  /** `savedmodel`, for TensorFlow and its servers, or `safetensors`: the weights alone. Default `savedmodel`. */
  readonly format?: ExportFormat | undefined;
  /** With `savedmodel`: a signature `train` beside `serving_default`, which takes one step from here. Default false. */
  readonly training?: boolean | undefined;
}

/** Nothing but an export of ours is written over. */
export async function exportModel(
  loaded: LoadedPipeline,
  directory: string,
  { format = 'savedmodel', training = false }: ExportOptions,
): Promise<void> {
  if (format === 'safetensors') return exportWeights(loaded.weights(), directory);
  if (loaded.compiled.module.lengths) refuse(withSequences(directory));
  const values = (id: string): Numbers => loaded.valuesOf(id, 'view') ?? refuse(withoutSlots(directory));
  // With the library that writes TensorFlow's format.
  const { exportSavedModel } = await import('./export-saved-model.ts');
  await exportSavedModel({ compiled: loaded.compiled, values, training }, directory);
}

/** The weights and layers' states by their ids, in one file. */
export async function exportWeights(weights: Tensors, directory: string): Promise<void> {
  const bytes = encodeSafetensors(weights, { format: 'millrace' });
  await exportFile(directory, { name: 'model.safetensors', bytes, mark: '"format":"millrace"' }, nowhere);
}

function withSequences(directory: string): ReturnType<typeof RUN808> {
  return RUN808({
    message: 'a model over sequences cannot be exported as a SavedModel',
    span: nowhere,
    expected: 'columns of fixed size',
    received: directory,
    hint: "format: 'safetensors' writes its weights",
  });
}

function withoutSlots(directory: string): ReturnType<typeof RUN808> {
  return RUN808({
    message:
      'the model was saved without what its optimizer goes on with, so it cannot be exported for training',
    span: nowhere,
    expected: 'a model that was trained here, or saved with its optimizer',
    received: directory,
    hint: 'leave training out, or save the model without optimizer: false',
  });
}

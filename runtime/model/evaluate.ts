/** Evaluates a model on data. */
import type { Schema } from '../../dsl/column.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import type { Evaluation } from '../events/event.ts';
import type { EvaluateOptions, EvaluationData, Model } from './model.ts';

/**
 * The loss and the metrics over all rows: of a dataset, of a pipeline's validation data (its training data where it has
 * none), or, for a model that was just trained, of what it was validated on. Metrics are exact, whatever the batches.
 */
export function evaluate<S extends Schema, Out extends Tensors>(
  model: Model<S, Out>,
  on?: EvaluationData,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  return model.evaluate(on, options);
}

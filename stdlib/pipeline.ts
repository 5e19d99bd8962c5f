/** `pipeline(...)`: a program in this vocabulary. */
import { siteSpan } from '../compiler/ir/site.ts';
import type { Optimizer } from '../compiler/op/define/define-optimizer.ts';
import type { Metric } from '../compiler/op/metric.ts';
import type { Schema } from '../dsl/column.ts';
import type { PipelineDefinition, Programs } from '../dsl/pipeline.ts';
import { Pipeline } from '../dsl/pipeline.ts';
import type { Tensor, Tensors } from '../dsl/tensor.ts';
import { vocabulary } from './vocabulary.ts';

/**
 * Data, a model, what to minimise and how, metrics and programs as one value, which `train` runs and the compiler reads.
 * `model` sees each column of a batch as a tensor with the batch axis in front; losses and metrics see what the model
 * returned, too. One `loss` with one `optimizer` trains all parameters; `objectives` divides them up.
 */
export function pipeline<
  S extends Schema,
  Out extends Tensors,
  // biome-ignore lint/complexity/noBannedTypes: a pipeline without programs of its own has none that could be run
  const Own extends Programs = {},
>(
  definition: PipelineDefinition<S, Out, Tensor | Metric, Optimizer, Own>,
): Pipeline<S, Out, Own, Tensor | Metric, Optimizer> {
  return new Pipeline(definition, vocabulary, siteSpan());
}

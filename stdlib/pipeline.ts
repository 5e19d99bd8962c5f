/** `pipeline(...)`: a program in this vocabulary. */
import { siteSpan } from '../compiler/ir/site.ts';
import type { Optimizer } from '../compiler/op/define-optimizer.ts';
import type { Metric } from '../compiler/op/metric.ts';
import type { Vocabulary } from '../compiler/op/vocabulary.ts';
import type { Schema } from '../dsl/column.ts';
import type { PipelineDefinition } from '../dsl/pipeline.ts';
import { Pipeline } from '../dsl/pipeline.ts';
import type { Tensor, Tensors } from '../dsl/tensor.ts';
import { vocabulary } from './vocabulary.ts';

/**
 * Data, a model, a loss, metrics and an optimizer as one value, which `train` runs and the compiler reads. `model` sees
 * each column of a batch as a tensor with the batch axis in front; `loss` and `metrics` see what the model returned, too.
 */
export function pipeline<S extends Schema, Out extends Tensors>(
  definition: PipelineDefinition<S, Out, Tensor | Metric, Optimizer>,
): Pipeline<S, Out, Tensor | Metric, Optimizer, Vocabulary> {
  return new Pipeline(definition, vocabulary, siteSpan());
}

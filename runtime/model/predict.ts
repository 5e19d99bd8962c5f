/** Asks a model for answers. */
import type { Schema } from '../../dsl/column.ts';
import type { Source } from '../../dsl/dataset.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import type { Model, PartialRow } from './model.ts';
import type { Prediction } from './prediction.ts';

/** One answer a row, in order: at once for rows in an array, as they come for rows of a source. */
export function predict<S extends Schema, Out extends Tensors>(
  model: Model<S, Out>,
  rows: readonly PartialRow<S>[],
): Prediction<Out>[];
export function predict<S extends Schema, Out extends Tensors>(
  model: Model<S, Out>,
  rows: Source<PartialRow<S>>,
): AsyncIterableIterator<Prediction<Out>>;
export function predict<S extends Schema, Out extends Tensors>(
  model: Model<S, Out>,
  rows: readonly PartialRow<S>[] | Source<PartialRow<S>>,
): Prediction<Out>[] | AsyncIterableIterator<Prediction<Out>> {
  return Array.isArray(rows) ? model.predict(rows) : model.predict(rows as Source<PartialRow<S>>);
}

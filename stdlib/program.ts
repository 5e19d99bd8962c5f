/** `program(...)`: a program of the user's own, for `programs` of a pipeline. */
import { siteSpan } from '../compiler/ir/site.ts';
import type { Columns, Schema } from '../dsl/column.ts';
import type { Program } from '../dsl/program.ts';
import type { Tensors } from '../dsl/tensor.ts';

/**
 * A program beside training, run by its name: `programs: { paint: program({ z: vector(64) }, ({ z }) => painter(z)) }` and
 * `model.run('paint', [{ z }])`. Its columns are its own; the layers it calls share their parameters with the model, and
 * compute as in prediction (`training` is false).
 */
export function program<const S extends Schema, Out extends Tensors>(
  schema: S,
  body: (columns: Columns<S>) => Out,
): Program<S, Out> {
  return { kind: 'program', schema, body, span: siteSpan() };
}

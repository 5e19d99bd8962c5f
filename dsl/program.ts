/** A program of the user's own beside training: columns in, tensors out, over the parameters of the pipeline's model. */
import type { Columns, Schema } from './column.ts';
import type { Span } from './span.ts';
import type { Tensors } from './tensor.ts';

/** What `program(schema, body)` makes. `Out` is what the body returns. */
export interface Program<S extends Schema = Schema, Out extends Tensors = Tensors> {
  readonly kind: 'program';
  readonly schema: S;
  /** From the columns of a batch to the outputs; called once, when the pipeline is read. */
  body(columns: Columns<S>): Out;
  /** Where `program(…)` was called. */
  readonly span: Span;
}

/** Programs by the names under which they are run. */
export type Programs = { readonly [name: string]: Program };

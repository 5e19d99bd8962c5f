/** Completes what an author says of an op, and forgets what only the author's types know: a card as passes read it. */
import type { Card, Composite, Primitive } from '../card.ts';
import type { Domain } from '../domain.ts';
import { integers, reals, truths } from '../domain.ts';
import type { InputSpec, Inputs, Options } from '../specs.ts';

/** The facts of a card; those named K have defaults. What `inputs` and `options` are, only these two tell. */
type Written<C, I, O, K extends keyof C> = Omit<C, K | 'inputs' | 'options'> &
  Partial<Pick<C, K>> & { readonly inputs: I; readonly options?: O };

/** What the author of a primitive writes; what is missing has defaults. */
export type PrimitiveFacts<I extends Inputs, O extends Options> = Written<
  Primitive<NoInfer<I>, NoInfer<O>>,
  I,
  O,
  'positional' | 'domain' | 'laws' | 'tolerance' | 'examples' | 'cost' | 'lower'
>;

/** What the author of a composite writes. */
export type CompositeFacts<I extends Inputs, O extends Options> = Written<
  Omit<Composite<NoInfer<I>, NoInfer<O>>, 'kind'>,
  I,
  O,
  'positional' | 'domain' | 'laws' | 'tolerance' | 'examples' | 'family'
>;

/*
 * Formulas of a card are called with what the card's own specs have read: inputs under the names of `inputs`, options that
 * fit `options`. That their types say so is known where the card is written, and given up here, in one place.
 */
const erased = <C extends Card>(card: unknown): C => card as C;

/** Where the laws sample inputs of which the author says nothing. */
const sampled = ({ accepts }: InputSpec): Domain => {
  if (accepts.includes('float32')) return reals();
  return accepts.includes('int32') ? integers() : truths();
};

const defaultsOf = (inputs: Inputs) => ({
  options: {},
  positional: [],
  domain: Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, sampled(spec)])),
  laws: [],
  tolerance: {},
  examples: [],
});

/** The card of a primitive. */
export function primitiveCard<I extends Inputs, O extends Options>(facts: PrimitiveFacts<I, O>): Primitive {
  return erased({ ...defaultsOf(facts.inputs), cost: 1, lower: {}, ...facts });
}

/** The card of a composite. */
export function compositeCard<I extends Inputs, O extends Options>(facts: CompositeFacts<I, O>): Composite {
  return erased({ ...defaultsOf(facts.inputs), kind: 'composite', family: 'op', ...facts });
}

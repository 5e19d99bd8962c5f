/** Turns what an author says of an op into the function that users call. */
import type { Tensor } from '../../../dsl/tensor.ts';
import { apply } from '../call/apply.ts';
import type { Card, Op } from '../card.ts';
import type { CallOf, OpFunction } from '../signatures.ts';
import type { Inputs, Options } from '../specs.ts';
import type { CompositeFacts, PrimitiveFacts } from './primitive.ts';
import { compositeCard, primitiveCard } from './primitive.ts';

type None = Readonly<Record<never, never>>;

/**
 * Defines a primitive: an op with a meaning, a gradient and lowerings of its own.
 *
 *     export const exp: Op<Elementwise> = defineOp({
 *       name: 'exp',
 *       kind: 'map',
 *       inputs: { x: float },
 *       type: preserving,
 *       scalar: ({ x }) => Math.exp(x),
 *       gradient: ({ dy, y }) => ({ x: multiply(dy, y) }),
 *       lower: { wasm: (s, { x }) => … },
 *       domain: { x: reals() },
 *       examples: [[[[0]], [1]]],
 *     });
 *
 * Formulas see the inputs by name and the options as their specs read them. The annotation is the signature that callers
 * see, which the laws of the op check on values; without one it follows from the specs: tensors in, a tensor out.
 */
export function defineOp<
  const I extends Inputs,
  const O extends Options = None,
  F extends OpFunction = CallOf<I, O>,
>(facts: PrimitiveFacts<I, O>): Op<F> {
  return opOf<F>(primitiveCard(facts));
}

/**
 * Defines an op by a formula over other ops; shape, gradient and lowerings follow from it.
 *
 *     export const square: Op<Preserving> = composite({
 *       name: 'square',
 *       inputs: { x: numeric },
 *       body: ({ x }) => multiply(x, x),
 *       domain: { x: reals() },
 *       examples: [[[[-2, 3]], [4, 9]]],
 *     });
 *
 * As with `defineOp`, the annotation is the signature that callers see, and may be left out.
 */
export function composite<
  const I extends Inputs,
  const O extends Options = None,
  F extends OpFunction = CallOf<I, O>,
>(facts: CompositeFacts<I, O>): Op<F> {
  return opOf<F>(compositeCard(facts));
}

/** The function that users call for a card. */
export function opOf<F extends OpFunction>(card: Card): Op<F> {
  const call = (...args: unknown[]): Tensor => apply(card, args);
  Object.defineProperty(call, 'name', { value: card.name });
  // The signature F is the author's claim about `apply` for this card; the laws check it on values.
  return Object.assign(call as unknown as F, { card });
}

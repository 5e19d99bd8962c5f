/** A call of an op: reads its arguments, types the result, makes the node. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { byName } from '../../ir/inputs.ts';
import type { Attributes } from '../../ir/node.ts';
import { Node, typeOf } from '../../ir/node.ts';
import { calledAs, siteScope, siteSpan, within } from '../../ir/site.ts';
import type { Card, Composite, Primitive } from '../card.ts';
import { TypeMismatch } from '../mismatch.ts';
import { readArguments } from './arguments.ts';
import { stretched } from './broadcast.ts';
import { checkDTypes } from './dtypes.ts';
import { explain } from './explain.ts';

/** Calls a card on arguments as users write them. */
export function apply(card: Card, args: readonly unknown[]): Node {
  return orBroken(card, [], {}, () => {
    const { inputs, attributes } = readArguments(card, args);
    return make(card, inputs, attributes);
  });
}

/** Makes the node of a card on inputs that are nodes already; broadcasting included. */
export function make(card: Card, inputs: readonly Node[], attributes: Attributes): Node {
  if (inputs.some((node) => node.type === undefined)) return untyped(card, inputs, attributes);
  return orBroken(card, inputs, attributes, () => {
    checkDTypes(card, inputs);
    return card.kind === 'composite' ? expand(card, inputs, attributes) : primitive(card, inputs, attributes);
  });
}

/** The node that `body` makes; where types do not fit, an ill-typed one that knows why. */
function orBroken(card: Card, inputs: readonly Node[], attributes: Attributes, body: () => Node): Node {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    return untyped(card, inputs, attributes, explain(inputs, error.mismatch));
  }
}

function primitive(card: Primitive, given: readonly Node[], attributes: Attributes): Node {
  const inputs = card.kind === 'zip' ? stretched(card, given) : given;
  const type = card.type(byName(card, inputs.map(typeOf)), attributes, calledAs(card.name));
  return new Node({ card, inputs, attributes, type, span: siteSpan(), scope: siteScope() });
}

function expand(card: Composite, inputs: readonly Node[], attributes: Attributes): Node {
  const scope = { owner: {}, name: card.name, kind: 'op' } as const;
  const body = within(scope, () => card.body(byName(card, inputs), attributes));
  if (!(body instanceof Node)) throw new Error(`internal: the body of ${card.name} gave no tensor`);
  return new Node({ card, inputs, attributes, type: body.type, span: siteSpan(), scope: siteScope(), body });
}

function untyped(card: Card, inputs: readonly Node[], attributes: Attributes, problem?: Diagnostic): Node {
  const [span, scope] = [siteSpan(), siteScope()];
  return new Node({ card, inputs, attributes, type: undefined, span, scope, problem });
}

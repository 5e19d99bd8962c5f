/** One case of an op: an example of its card, called on values of its own. */
import type { Node } from '../../compiler/ir/node.ts';
import type { Domain } from '../../compiler/op/domain.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import type { Draws } from '../draw.ts';
import type { DocumentedCall } from './documented-calls.ts';

export type Feeds = ReadonlyMap<Node, Values>;

/** The values that stand in the example. */
export function documented({ inputs }: DocumentedCall): Feeds {
  return new Map(inputs.map(({ leaf, values }) => [leaf, values]));
}

/** Other values for all inputs of the example, from their domains. */
export function drawn(call: DocumentedCall, draws: Draws): Feeds {
  return new Map(
    call.inputs.map(({ name, leaf, values }) => [leaf, draws.valuesLike(values, domainOf(call, name))]),
  );
}

/** The domain of an input; those of a list are numbered. */
export function domainOf({ card }: DocumentedCall, input: string): Domain {
  const domain = card.domain[input] ?? card.domain[input.replace(/\d+$/, '')];
  if (!domain) throw new Error(`internal: ${card.name} has no domain for ${input}`);
  return domain;
}

/** What a node is worth on these values, by the meaning on the cards. */
export function valueOf(node: Node, feeds: Feeds): Values {
  const [value] = evaluate([node], feeds);
  if (!value) throw new Error('internal: a node without a value');
  return value;
}

/** Values as messages show them. */
export function textOf(feeds: Feeds): string {
  return [...feeds.values()].map(({ data }) => `[${[...data].join(', ')}]`).join(', ');
}

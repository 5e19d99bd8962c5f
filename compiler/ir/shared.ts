/** Common subexpressions: one node for each distinct computation. */

import type { Card } from '../op/card.ts';
import { isShared } from './facts.ts';
import type { Node } from './node.ts';
import { walk } from './walk.ts';

/** Hash-consing. Two nodes are one when op, inputs, attributes and type agree; leaves of a run, when names do. */
export class Shared {
  private readonly nodes = new Map<string, Node>();
  private readonly ids = new Map<Node, number>();
  /** What stands for each node that was asked for. */
  private readonly known = new Map<Node, Node>();
  private readonly cards = new Map<Card, number>();

  /** The node that stands for all its equals. */
  of(node: Node): Node {
    walk([node], this.known, (each) => this.known.set(each, this.enter(each)));
    return this.known.get(node)!;
  }

  /** Whether the node stands for its equals already. */
  has(node: Node): boolean {
    return this.ids.has(node);
  }

  private enter(node: Node): Node {
    const key = this.key(node);
    const before = this.nodes.get(key);
    if (before) {
      before.name ??= node.name;
      return before;
    }
    this.nodes.set(key, node);
    this.ids.set(node, this.ids.size);
    return node;
  }

  private key(node: Node): string {
    const { card, inputs, attributes, type } = node;
    const held = isShared(node) ? node.name : '';
    const operands = inputs.map((input) => this.ids.get(this.known.get(input)!));
    return `${this.cardId(card)}|${held}|${operands.join(',')}|${text(attributes)}|${type?.dtype}${type?.shape.join(',')}`;
  }

  /** Two vocabularies may have ops of one name. */
  private cardId(card: Card): number {
    const id = this.cards.get(card) ?? this.cards.size;
    this.cards.set(card, id);
    return id;
  }
}

/** JSON that tells −0 from 0 and keeps NaN and the infinities apart; in whatever order attributes were given. */
function text(attributes: Node['attributes']): string {
  return JSON.stringify(Object.entries(attributes).sort(byName), (_, value: unknown) =>
    typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))
      ? `#${Object.is(value, -0) ? '-0' : value}`
      : value,
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

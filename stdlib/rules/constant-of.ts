/** What rules ask of operands. */
import type { Node } from '../../compiler/ir/node.ts';

/** The number that every element of the node is, if it is a constant. */
export function constantOf(node: Node | undefined): number | undefined {
  return node?.card.name === 'constant' ? (node.attributes.value as number) : undefined;
}

export function isConstant(node: Node): boolean {
  return constantOf(node) !== undefined;
}

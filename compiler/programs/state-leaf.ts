/** A leaf that the compiler itself adds: optimizer slots, sums of metrics, the learning rate. */
import type { DType, Shape } from '../../dsl/tensor.ts';
import { Node } from '../ir/node.ts';
import { siteSpan } from '../ir/site.ts';
import { stateCard } from '../op/leaf.ts';

export function stateLeaf(name: string, shape: Shape, dtype: DType, initial: Node): Node {
  return new Node({
    card: stateCard,
    inputs: [],
    attributes: { shape, dtype },
    type: { shape, dtype },
    span: siteSpan(),
    name,
    given: name,
    initial,
  });
}

/** A generated program with its gradients: what it gives back, as one number, and the slope of that by each real leaf. */

import { expandGraph } from '../../compiler/2-check/expand.ts';
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import { isShared } from '../../compiler/ir/facts.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, typeOf } from '../../compiler/ir/node.ts';
import { at } from '../../compiler/ir/site.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { iota } from '../../compiler/op/leaf.ts';
import { add, cast, multiply, sum } from '../../stdlib/index.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';

export interface Differentiated {
  readonly graph: Graph;
  readonly loss: Node;
  /** The leaves that slopes are taken by, in the order of the outputs after the first. */
  readonly leaves: readonly Node[];
}

/** Undefined where no real output depends on a real leaf. */
export function differentiated(given: Graph): Differentiated | undefined {
  return at(nowhere, () => {
    const plain = expandGraph(given);
    // Composites stay whole: some have a gradient of their own.
    const real = given.outputs.map(({ value }) => value).filter((value) => typeOf(value).dtype === 'float32');
    const leaves = topological(plain).filter((node) => isShared(node) && typeOf(node).dtype === 'float32');
    if (real.length === 0) return undefined;
    const loss = nodeOf(real.map(weighed).reduce((a, b) => add(a, b)));
    const slopes = gradients(loss, leaves, vocabulary.roles);
    const reached = leaves.filter((_, i) => slopes[i]);
    if (reached.length === 0) return undefined;
    const outputs = [loss, ...slopes.filter((slope) => slope !== undefined)].map((value, i) => ({
      name: i === 0 ? 'loss' : `slope${i}`,
      value,
    }));
    return { graph: expandGraph({ ...plain, outputs, updates: [] }), loss, leaves: reached };
  });
}

/** The sum of the elements, each with a weight of its own, so that shares of a whole do not add up to a constant. */
function weighed(value: Node): ReturnType<typeof add> {
  const { shape } = typeOf(value);
  if (shape.length === 0) return value;
  const weights = shape.map((_, axis) => multiply(cast(iota(shape, axis), 'float32'), 0.25 + axis / 8));
  return sum(
    multiply(
      value,
      add(
        weights.reduce((a, b) => add(a, b)),
        1,
      ),
    ),
  );
}

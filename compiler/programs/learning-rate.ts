/** The learning rate of an objective as a value in the graph: state that hooks may set, or a schedule's function. */
import type { CheckedObjective } from '../2-check/checked.ts';
import { ARG101 } from '../diagnostics/argument.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { Node } from '../ir/node.ts';
import { siteSpan } from '../ir/site.ts';
import { rateId } from '../ir/state-ids.ts';
import { constant } from '../op/leaf.ts';
import { stateLeaf } from './state-leaf.ts';

export interface LearningRate {
  readonly value: Node;
  /** Absent under a schedule. */
  readonly leaf?: Node;
}

/** `updates` is how many updates the objective has made. */
export function learningRateOf({ name, optimizer }: CheckedObjective, updates: Node): LearningRate {
  if (typeof optimizer.learningRate === 'function') return { value: rateIn(optimizer.learningRate(updates)) };
  const leaf = stateLeaf(rateId(name), [], 'float32', constant(optimizer.learningRate));
  return { value: leaf, leaf };
}

/** What a schedule gave: one number of the graph. */
function rateIn(given: unknown): Node {
  const isScalar = given instanceof Node && (given.type === undefined || given.type.shape.length === 0);
  if (isScalar) return given;
  return refuse(
    ARG101({
      message: 'a schedule must give a scalar tensor',
      span: siteSpan(),
      expected: 'a tensor of shape []',
      received: given instanceof Node ? `one of shape [${given.type?.shape.join(', ')}]` : typeof given,
      hint: 'compute it from the step with ops: (step) => multiply(0.1, power(0.5, step))',
    }),
  );
}

/** The learning rate of an objective as a value in the graph: state that hooks may set, or a schedule's function. */
import type { CheckedObjective } from '../2-check/checked.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
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
  if (typeof optimizer.learningRate === 'function') return { value: nodeOf(optimizer.learningRate(updates)) };
  const leaf = stateLeaf(rateId(name), [], 'float32', constant(optimizer.learningRate));
  return { value: leaf, leaf };
}

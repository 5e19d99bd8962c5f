/** What graphs are built with: all of `millrace/session` that can be called without running anything. */
import { mean, sum } from 'millrace';

export { assign, assignAdd, assignSub } from './assign.ts';
export { gradients } from './gradients.ts';
export type { Literal, LiteralDType, LiteralShape } from './literal.ts';
export { nameScope } from './name-scope.ts';
export type { Operation } from './operation.ts';
export { globalVariablesInitializer, group, noOp } from './operation.ts';
export type { ApplyOptions, GradientPair, GraphOptimizer, MinimizeOptions, Rate } from './optimizer.ts';
export { adamOptimizer, gradientDescentOptimizer, momentumOptimizer, optimizer } from './optimizer.ts';
export { placeholder } from './placeholder.ts';
export type { VariableOptions } from './variable.ts';
export { variable } from './variable.ts';

/** TensorFlow's names for `sum` and `mean`. */
export { mean as reduceMean, sum as reduceSum };

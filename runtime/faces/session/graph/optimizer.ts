/** Optimizers on graphs: an operation that computes gradients of a loss and applies them to variables. */
import type { Optimizer } from 'millrace';
import { adam, sgd, vocabulary } from 'millrace';
import { refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { GRD401 } from '../../../../compiler/diagnostics/gradient.ts';
import type { Update } from '../../../../compiler/ir/graph.ts';
import { Node, nodeOf, typeOf } from '../../../../compiler/ir/node.ts';
import { siteSpan } from '../../../../compiler/ir/site.ts';
import { slotId } from '../../../../compiler/ir/state-ids.ts';
import { nodesUnder } from '../../../../compiler/ir/walk.ts';
import { constant } from '../../../../compiler/op/leaf.ts';
import { applyOptimizer } from '../../../../compiler/programs/apply-optimizer.ts';
import { stateLeaf } from '../../../../compiler/programs/state-leaf.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';
import { slopes, trainableUnder } from './gradients.ts';
import { Operation } from './operation.ts';
import { variableIn } from './variable.ts';
import { variableName } from './variable-name.ts';

/** A gradient and the variable that it is for. */
export type GradientPair = readonly [gradient: Tensor, variable: Tensor];

export interface ApplyOptions {
  /** What its slots are saved under. Default: the optimizer's kind. Two that train one variable need names of their own to be saved. */
  readonly name?: string | undefined;
}

export interface MinimizeOptions extends ApplyOptions {
  /** Default: every trainable variable that the loss depends on, but for those of frozen layers. */
  readonly variables?: readonly Tensor[] | undefined;
}

/** An optimizer that can be applied to tensors. */
export interface GraphOptimizer extends Optimizer {
  /** One step towards a smaller loss (a float32 tensor; of several elements, their sum): `applyGradients(computeGradients(loss))`. */
  minimize(loss: Tensor, options?: MinimizeOptions): Operation;
  /** The gradient of the loss by each variable that one reaches. GRD401 where none reaches any. */
  computeGradients(loss: Tensor, variables?: readonly Tensor[]): GradientPair[];
  /** One step with gradients as they are given, clipped or averaged. SES907 where a pair names no variable. */
  applyGradients(pairs: readonly GradientPair[], options?: ApplyOptions): Operation;
}

/** Any optimizer of the vocabulary, or one of your own, with `minimize`: `optimizer(adam({ learningRate: 0.01 }))`. */
export function optimizer(of: Optimizer): GraphOptimizer {
  const computeGradients = (loss: Tensor, variables?: readonly Tensor[]): GradientPair[] => {
    const root = nodeOf(loss);
    typeOf(root);
    const chosen =
      variables?.map((each) => variableIn(each, 'optimizers train variables')) ?? trainableUnder(root);
    const pairs = slopes(root, chosen).flatMap((gradient, i): GradientPair[] =>
      gradient ? [[gradient, chosen[i]!]] : [],
    );
    return pairs.length > 0 ? pairs : refuse(trainsNothing(root));
  };
  const apply = (pairs: readonly GradientPair[], { name }: ApplyOptions = {}, loss?: Tensor): Operation =>
    new Operation(name ?? of.optimizer, { updates: updatesOf(of, pairs, name, loss), isTraining: true });
  return {
    ...of,
    computeGradients,
    applyGradients: (pairs, options) => apply(pairs, options),
    minimize: (loss, { variables, ...options } = {}) =>
      apply(computeGradients(loss, variables), options, vocabulary.roles.sum(loss, { axis: null })),
  };
}

function updatesOf(
  of: Optimizer,
  pairs: readonly GradientPair[],
  name = of.optimizer,
  loss: Tensor | undefined,
): Update[] {
  const zero = constant(0, [], 'int32');
  const steps = stateLeaf(slotId(undefined, name, 'iterations'), [], 'int32', zero);
  const { learningRate } = of;
  const rate = nodeOf(typeof learningRate === 'function' ? learningRate(steps) : constant(learningRate));
  const gradients = pairs.map(([gradient]) => nodeOf(gradient));
  const together = { rate, step: steps, loss: loss && nodeOf(loss), gradients };
  const updates = pairs.flatMap(([gradient, target]) => {
    const parameter = variableIn(target, 'optimizers train variables');
    const idOf = (slot: string): string => slotId(name, variableName(parameter) ?? '', slot);
    return applyOptimizer(of, { parameter, gradient: nodeOf(gradient) }, together, idOf).updates;
  });
  const below = nodesUnder(
    updates.map(({ value }) => value),
    ({ body, inputs }) => (body ? [body] : inputs),
  );
  // Optimizers that do not ask how many steps were made keep no count.
  if (!below.includes(steps)) return updates;
  return [...updates, { target: steps, value: nodeOf(vocabulary.roles.add(steps, 1)) }];
}

function trainsNothing(loss: Node) {
  return GRD401({
    message: 'the gradient of the loss reaches no variable',
    span: siteSpan(),
    labels: [{ span: loss.span, text: 'the loss' }],
    expected: 'a loss that depends on trainable variables through differentiable ops',
    hint: 'rounding, comparing and stopGradient let no gradient through',
  });
}

/** How fast: a number from 0 up, or a scalar tensor such as a placeholder. */
export type Rate = number | Tensor;

const rateOf = (rate: Rate): { readonly learningRate: number | ((step: Tensor) => Tensor) } => ({
  learningRate: rate instanceof Node ? () => rate : (rate as number),
});

/** w ← w − rate·g: TensorFlow's name for `optimizer(sgd({ learningRate }))`. */
export function gradientDescentOptimizer(learningRate: Rate): GraphOptimizer {
  return optimizer(sgd(rateOf(learningRate)));
}

/** Descent with momentum: `optimizer(sgd({ learningRate, momentum, nesterov }))`. */
export function momentumOptimizer(learningRate: Rate, momentum: number, useNesterov = false): GraphOptimizer {
  return optimizer(sgd({ ...rateOf(learningRate), momentum, nesterov: useNesterov }));
}

/** Adam with TensorFlow's defaults: `optimizer(adam({ learningRate, beta1, beta2, epsilon }))`. */
export function adamOptimizer(
  learningRate: Rate = 0.001,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
): GraphOptimizer {
  return optimizer(adam({ ...rateOf(learningRate), beta1, beta2, epsilon }));
}

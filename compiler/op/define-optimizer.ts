/** What an optimizer is: slots beside each parameter, and the formula of one update, in ops. */
import type { Tensor } from '../../dsl/tensor.ts';

/** The learning rate as a function of the number of steps made so far (an int32 scalar). */
export type Schedule = (step: Tensor) => Tensor;

export interface UpdateCall<Slots extends string> {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** What the optimizer keeps for this parameter. */
  readonly slots: Readonly<Record<Slots, Tensor>>;
  readonly learningRate: Tensor;
  /** How many steps were made before this one: 0 at first; int32. */
  readonly step: Tensor;
}

/** One of TensorFlow's training kernels: it takes the parameter's variable, those of the slots, then the operands. */
export interface OptimizerKernel {
  /** The registered name of the op, such as `ResourceApplyAdam`. */
  readonly kernel: string;
  /** All of the optimizer's slots, in the order in which the kernel takes them. */
  readonly slots: readonly string[];
  readonly operands: readonly Tensor[];
  readonly flags?: Readonly<Record<string, boolean>>;
}

export interface Updated<Slots extends string> {
  readonly parameter: Tensor;
  readonly slots: Readonly<Record<Slots, Tensor>>;
  /** A kernel of TensorFlow's that makes the same update, parameter and slots together. */
  readonly tensorflow?: OptimizerKernel;
}

export interface Optimizer<Slots extends string = string> {
  readonly optimizer: string;
  readonly learningRate: number | Schedule;
  /** What each slot starts with, for a parameter. */
  readonly slots: (parameter: Tensor) => Readonly<Record<Slots, Tensor>>;
  /** One step; pure. */
  readonly update: (call: UpdateCall<Slots>) => Updated<Slots>;
}

/** Defines a kind of optimizer: `defineOptimizer('sgd', (options: SgdOptions = {}) => ({ learningRate, slots, update }))`. */
export function defineOptimizer<Args extends readonly unknown[], Slots extends string>(
  kind: string,
  define: (...args: Args) => Omit<Optimizer<Slots>, 'optimizer'>,
): ((...args: Args) => Optimizer) & { readonly kind: string } {
  const make = (...args: Args): Optimizer =>
    ({ optimizer: kind, ...define(...args) }) as unknown as Optimizer;
  Object.defineProperty(make, 'name', { value: kind });
  return Object.assign(make, { kind });
}

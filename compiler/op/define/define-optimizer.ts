/** What an optimizer is: slots beside each parameter, and the formula of one update, in ops. */
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Check, Taken, Takes } from '../arguments.ts';
import { checkArguments, takenBy } from '../arguments.ts';
import { learningRate } from '../checks.ts';

/** The learning rate as a function of the number of steps made so far (an int32 scalar). */
export type Schedule = (step: Tensor) => Tensor;

/** What an optimizer keeps for a parameter, by names: `{ momentum, velocity }`. */
export type SlotsOf<Slot extends string> = Readonly<Record<Slot, Tensor>>;

/** What one update of a parameter is made from. */
export interface UpdateCall<Slots> {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** What the optimizer keeps for this parameter, as the step before left it. */
  readonly slots: Slots;
  readonly learningRate: Tensor;
  /** How many steps were made before this one: 0 at first; int32. */
  readonly step: Tensor;
  /** The loss that the gradients are of, on this batch: a scalar. Undefined where gradients are applied by themselves. */
  readonly loss: Tensor | undefined;
  /** Those of all parameters that are updated together, this one's too. */
  readonly gradients: readonly Tensor[];
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

/** What a parameter and its slots become. */
export interface Updated<Slots> {
  readonly parameter: Tensor;
  readonly slots: Slots;
  /** A kernel of TensorFlow's that makes the same update, parameter and slots together. */
  readonly tensorflow?: OptimizerKernel;
}

/** What an author of an optimizer writes. */
export interface OptimizerDefinition<Slots> {
  readonly learningRate: number | Schedule;
  /** What each slot starts with, for a parameter. */
  readonly slots: (parameter: Tensor) => Slots;
  /** One step; pure. */
  readonly update: (call: UpdateCall<AsTensors<Slots>>) => Updated<AsTensors<Slots>>;
}

/** Slots under the names that they start with, whatever kind of tensor each of them starts as. */
type AsTensors<Slots> = { readonly [S in keyof Slots]: Tensor };

/** An optimizer, as pipelines take it. */
export interface Optimizer extends OptimizerDefinition<SlotsOf<string>> {
  readonly optimizer: string;
}

/** What else an author may say: what it takes, so that mistakes are refused, and what the laws try. */
export interface OptimizerClaims<Args extends readonly unknown[] = readonly unknown[]> extends Takes<Args> {
  /** Arguments that the laws make it of. */
  readonly examples?: readonly Readonly<Args>[];
  /** False where an element's update depends on other elements. Default true. */
  readonly elementwise?: boolean;
}

/** A kind of optimizer, as registries and laws know it. */
export interface OptimizerFacts {
  readonly family: 'optimizer';
  readonly name: string;
  readonly takes: Taken;
  readonly examples: readonly (readonly unknown[])[];
  readonly elementwise: boolean;
  /** Makes one of arguments such as those of the examples. */
  readonly make: (args: readonly unknown[]) => Optimizer;
}

/** The function that makes optimizers of one kind. */
export type OptimizerKind<Args extends readonly unknown[]> = ((...args: Args) => Optimizer) & {
  readonly facts: OptimizerFacts;
};

/**
 * Defines a kind of optimizer: `defineOptimizer('sgd', (options: SgdOptions = {}) => ({ learningRate, slots, update }))`.
 * Refuses a learning rate that is neither a number from 0 up nor a schedule, with ARG102.
 */
export function defineOptimizer<Args extends readonly unknown[], Slots>(
  kind: string,
  define: (...args: Args) => OptimizerDefinition<Slots>,
  claims: OptimizerClaims<NoInfer<Args>> = {},
): OptimizerKind<Args> {
  const options: Readonly<Record<string, Check>> | undefined = claims.options;
  const make = (...args: Args): Optimizer => {
    checkArguments(kind, claims.arguments, options, args);
    const definition = define(...args);
    checkArguments(kind, undefined, { learningRate }, [{ learningRate: definition.learningRate }]);
    // Outside of its definition, an optimizer's slots are a record; only it knows their names.
    return { optimizer: kind, ...definition } as unknown as Optimizer;
  };
  Object.defineProperty(make, 'name', { value: kind });
  const facts: OptimizerFacts = {
    family: 'optimizer',
    name: kind,
    takes: takenBy(claims.arguments, options),
    examples: claims.examples ?? [],
    elementwise: claims.elementwise ?? true,
    make: (args) => make(...(args as Args)),
  };
  return Object.assign(make, { facts });
}

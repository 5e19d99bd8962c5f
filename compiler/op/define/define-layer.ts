/** Turns the facts of a layer into the function that users call to make one: it owns parameters and shares them. */
import type { Tensor } from '../../../dsl/tensor.ts';
import { ARG105 } from '../../diagnostics/argument.ts';
import { refuse } from '../../diagnostics/diagnostic.ts';
import { Node } from '../../ir/node.ts';
import type { Scope } from '../../ir/site.ts';
import { at, innermostLayer, siteScope, siteSpan, within } from '../../ir/site.ts';
import type { Span } from '../../ir/span.ts';
import type { Check, Taken, Takes } from '../arguments.ts';
import { checkArguments, optionsAmong, takenBy, textOf } from '../arguments.ts';
import { flag, text } from '../checks.ts';
import type { Domain } from '../domain.ts';
import { calledInside, freeze } from '../freeze.ts';
import { paramCard } from '../leaf.ts';

/** A layer: a function of tensors that owns its parameters. Called twice, it shares them. */
export type Layer<F extends (...inputs: never) => Tensor = (x: Tensor) => Tensor> = F & {
  readonly layer: string;
};

/** What every layer may be told, beside its own options. */
export interface LayerOptions {
  /** What to call the layer in saved models and messages. Default: its kind. */
  readonly name?: string | undefined;
  /** False keeps its parameters and moving statistics as they are, and those of the layers in it. Default true. */
  readonly trainable?: boolean | undefined;
}

/**
 * What an author of a layer writes. `Params` is a record of parameters and state, made at the first call. `Call` is what
 * the layer does, with the parameters before what it is called on: tensors, and for some layers a record of options after
 * them, which may hold tensors too. The first tensor needs no annotation, what
 * follows it does.
 */
export interface LayerDefinition<
  Params = unknown,
  X extends Tensor = Tensor,
  Call = (params: Params, x: X) => Tensor,
> {
  /** Makes the parameters, by `param` and `state`, for what the layer is first called on. */
  readonly build?: (x: Tensor, ...others: never[]) => Params;
  /** The layer's value; pure, in ops. */
  readonly call: Call & ((params: Params, x: X, ...others: never[]) => Tensor);
}

/** A `call` as users see it: without the parameters. */
export type Called<Call> = Call extends ((params: never, ...inputs: infer Inputs) => infer Y extends Tensor)
  ? (...inputs: Inputs) => Y
  : never;

/** An input of an example: the shape of a row, of real numbers unless told otherwise. */
export type ExampleInput = readonly number[] | { readonly shape: readonly number[]; readonly values: Domain };

/** A layer as the laws try it: made of these arguments, called on rows of these shapes, options last. */
export interface LayerExample<Args extends readonly unknown[] = readonly unknown[]> {
  readonly of: Readonly<Args>;
  readonly on: readonly (ExampleInput | Readonly<Record<string, ExampleInput | boolean | number>>)[];
}

/** What else an author may say of a kind of layer: what it takes, so that mistakes are refused, and what the laws try. */
export interface LayerClaims<Args extends readonly unknown[] = readonly unknown[]>
  extends Takes<Args, keyof LayerOptions> {
  readonly examples?: readonly LayerExample<Args>[];
  /** False where a row's result depends on other rows of the batch. Default true. */
  readonly rowwise?: boolean;
}

/** A kind of layer, as registries and laws know it. */
export interface LayerFacts {
  readonly family: 'layer';
  readonly name: string;
  readonly takes: Taken;
  readonly examples: readonly LayerExample[];
  readonly rowwise: boolean;
  /** Makes one of arguments such as those of the examples. */
  readonly make: (args: readonly unknown[]) => AnyLayer;
}

/** A layer whose inputs are known to whoever calls it. */
export type AnyLayer = Layer<(...inputs: readonly unknown[]) => Tensor>;

/** The function that makes layers of one kind. */
export type LayerKind<Make> = Make & { readonly facts: LayerFacts };

const common: Readonly<Record<keyof LayerOptions, Check>> = { name: text, trainable: flag };

/**
 * Defines a kind of layer: `defineLayer('scaled', (options: LayerOptions = {}) => ({ build: (x) => ({ scale: param([]) }),
 * call: ({ scale }, x) => multiply(x, scale) }))`. What users call has the arguments of the function given here, and gives
 * a layer that is called as `call` is, on what follows the parameters. Where a type can say more than TypeScript infers,
 * such as shapes, annotate: `const dense: LayerKind<Dense> = defineLayer(…)`. The options `name` and `trainable`, which
 * come last, are seen to here.
 */
export function defineLayer<
  Args extends readonly unknown[],
  Params,
  Call,
  X extends Tensor = Tensor,
  Make = (...args: Args) => Layer<Called<Call>>,
>(
  kind: string,
  define: (...args: Args) => LayerDefinition<Params, X, Call>,
  claims: LayerClaims<NoInfer<Args>> = {},
): LayerKind<Make> {
  const options = claims.options && { ...(claims.options as Readonly<Record<string, Check>>), ...common };
  const make = (...args: Args): AnyLayer => {
    checkArguments(kind, claims.arguments, options, args);
    const { name, trainable }: LayerOptions = optionsAmong(args);
    const layer = instance(kind, name ?? kind, define(...args) as unknown as AnyDefinition);
    return trainable === false ? freeze(layer) : layer;
  };
  const facts: LayerFacts = {
    family: 'layer',
    name: kind,
    takes: takenBy(claims.arguments, options),
    examples: claims.examples ?? [],
    rowwise: claims.rowwise ?? true,
    make: (args) => make(...(args as Args)),
  };
  Object.defineProperty(make, 'name', { value: kind });
  // Make is what `make` is, or the author's closer claim about it, which the laws check on values.
  return Object.assign(make as unknown as Make & object, { facts });
}

/** A definition whose types have been checked where it was written. */
interface AnyDefinition {
  readonly build?: (...inputs: readonly unknown[]) => unknown;
  readonly call: (params: unknown, ...inputs: readonly unknown[]) => Tensor;
}

function instance(kind: string, name: string, { build, call }: AnyDefinition): AnyLayer {
  const madeAt = siteSpan();
  let params: unknown;
  let built = false;
  const value = (...inputs: readonly unknown[]): Tensor => {
    if (!built) {
      params = build?.(...inputs);
      nameHeld(params);
      built = true;
    }
    return call(params, ...inputs);
  };
  const layer = (...inputs: readonly unknown[]): Tensor => {
    const nodes = tensorsAmong(kind, inputs);
    const outer = siteScope();
    // What is computed from what has no type has none either; its problem is told once, where it arose.
    if (nodes.some((node) => node.type === undefined)) return untyped(nodes);
    calledInside(layer, outer);
    const calledAt = placeOfCall(madeAt, outer);
    const scope = { owner: layer, name, kind: 'layer', calledAt } as const;
    return at(calledAt, () => within(scope, () => value(...inputs)));
  };
  Object.defineProperty(layer, 'name', { value: kind });
  return Object.assign(layer, { layer: kind });
}

/**
 * Where a layer is called: as a rule where the user's program calls it. One that another layer calls, such as
 * `sequential`, has no such line: what stands for it is where it was made, by way of that other call.
 */
function placeOfCall(madeAt: Span, outer: Scope | undefined): Span {
  const here = siteSpan();
  const isCalledByLayer = innermostLayer(outer)?.calledAt === here && madeAt.file !== '';
  if (!isCalledByLayer) return here;
  const { via = [], ...call } = here;
  return call.file === '' ? madeAt : { ...madeAt, via: [call, ...via] };
}

function untyped(inputs: readonly Node[]): Node {
  return new Node({ card: paramCard, inputs, type: undefined, span: siteSpan(), scope: siteScope() });
}

/** Parameters and state are called by their names in the record that `build` gives, `heads.0.kernel` where that is nested. */
function nameHeld(held: unknown, path: readonly string[] = []): void {
  if (held instanceof Node) {
    held.given ??= path.join('.');
    held.name ??= path.join('.');
  } else if (typeof held === 'object' && held !== null) {
    for (const [name, value] of Object.entries(held)) nameHeld(value, [...path, name]);
  }
}

/** The tensors that a layer is called on, those in its options too. The first argument must be one. */
function tensorsAmong(kind: string, inputs: readonly unknown[]): Node[] {
  return inputs.flatMap((input, position) => {
    if (input instanceof Node) return [input];
    if (position > 0 && input === undefined) return [];
    if (position > 0 && typeof input === 'object' && input !== null)
      return Object.values(input).filter((value) => value instanceof Node);
    return refuse(
      ARG105({
        message: `${kind} is called on tensors`,
        span: siteSpan(),
        expected: position === 0 ? 'a tensor' : 'a tensor, or options',
        received: textOf(input),
      }),
    );
  });
}

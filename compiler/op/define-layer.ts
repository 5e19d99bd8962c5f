/** Turns the facts of a layer into the function that users call to make one: it owns parameters and shares them. */
import type { Tensor } from '../../dsl/tensor.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { DTY303 } from '../diagnostics/dtype.ts';
import { Node } from '../ir/node.ts';
import { siteScope, siteSpan, within } from '../ir/site.ts';
import { calledInside, freeze } from './freeze.ts';
import { paramCard } from './leaf.ts';

/** A layer: a function of tensors that owns its parameters. Called twice, it shares them. */
export type Layer<F extends (...inputs: never[]) => Tensor = (x: Tensor) => Tensor> = F & {
  readonly layer: string;
};

/**
 * What an author of a layer writes. `Params` is a record of parameters and state, made at the first call. `Inputs` is what
 * the layer is called on: tensors, and for some layers a record of options after them, which may hold tensors too.
 */
export interface LayerDefinition<Params, Inputs extends readonly unknown[] = Tensor[]> {
  /** Makes the parameters for the inputs' shapes. */
  readonly build?: (...inputs: Inputs) => Params;
  /** The layer's value; pure, in ops. */
  readonly call: (params: Params, ...inputs: Inputs) => Tensor;
  /** The user's own name for this layer; default: the kind's name. */
  readonly name?: string | undefined;
  /** False freezes the layer; default true. */
  readonly trainable?: boolean | undefined;
}

/**
 * Defines a kind of layer: `const dense: Dense = defineLayer('dense', (units: number, options = {}) => ({ build, call }))`.
 * The annotation is the signature of the function that users call to make one.
 */
export function defineLayer<
  Args extends readonly unknown[],
  Params,
  Make,
  Inputs extends readonly unknown[] = Tensor[],
>(
  kind: string,
  define: (...args: Args) => LayerDefinition<Params, Inputs>,
): Make & { readonly kind: string } {
  const make = (...args: Args): unknown => instance(kind, define(...args));
  Object.defineProperty(make, 'name', { value: kind });
  // Make is the author's claim about `define`; the laws of layers check it on values.
  return Object.assign(make as unknown as Make & object, { kind });
}

function instance<Params, Inputs extends readonly unknown[]>(
  kind: string,
  definition: LayerDefinition<Params, Inputs>,
): unknown {
  let params: Params | undefined;
  let built = false;
  const layer = (...inputs: Inputs): Tensor => {
    const nodes = tensorsAmong(kind, inputs);
    if (nodes.some((node) => node.type === undefined)) {
      return new Node({
        card: paramCard,
        inputs: nodes,
        type: undefined,
        span: siteSpan(),
        scope: siteScope(),
      });
    }
    calledInside(layer, siteScope());
    return within({ owner: layer, name: definition.name ?? kind, kind: 'layer' }, () => {
      if (!built) {
        params = definition.build?.(...inputs);
        for (const [name, value] of Object.entries(params ?? {})) {
          if (!(value instanceof Node)) continue;
          value.given ??= name;
          value.name ??= name;
        }
        built = true;
      }
      return definition.call(params as Params, ...inputs);
    });
  };
  Object.defineProperty(layer, 'name', { value: kind });
  const made = Object.assign(layer, { layer: kind });
  return definition.trainable === false ? freeze(made) : made;
}

/** The tensors that a layer is called on, those in its options too. The first argument must be one. */
function tensorsAmong(kind: string, inputs: readonly unknown[]): Node[] {
  return inputs.flatMap((input, at) => {
    if (input instanceof Node) return [input];
    if (at > 0 && input === undefined) return [];
    if (at > 0 && typeof input === 'object' && input !== null)
      return Object.values(input).filter((value) => value instanceof Node);
    return refuse(
      DTY303({
        message: `${kind} is called on tensors`,
        span: siteSpan(),
        expected: at === 0 ? 'a tensor' : 'a tensor, or options',
        received: typeof input === 'function' ? 'a function' : (JSON.stringify(input) ?? String(input)),
      }),
    );
  });
}

/** Turns the facts of a layer into the function that users call to make one: it owns parameters and shares them. */
import type { Tensor } from '../../dsl/tensor.ts';
import { Node, nodeOf } from '../ir/node.ts';
import { siteScope, siteSpan, within } from '../ir/site.ts';
import { paramCard } from './leaf.ts';

/** A layer: a function of tensors that owns its parameters. Called twice, it shares them. */
export type Layer<F extends (...inputs: never[]) => Tensor = (x: Tensor) => Tensor> = F & {
  readonly layer: string;
};

/** What an author of a layer writes. `Params` is a record of parameters and state, made at the first call. */
export interface LayerDefinition<Params> {
  /** Makes the parameters for the inputs' shapes. */
  readonly build?: (...inputs: Tensor[]) => Params;
  /** The layer's value; pure, in ops. */
  readonly call: (params: Params, ...inputs: Tensor[]) => Tensor;
  /** The user's own name for this layer; default: the kind's name. */
  readonly name?: string | undefined;
}

/**
 * Defines a kind of layer: `const dense: Dense = defineLayer('dense', (units: number, options = {}) => ({ build, call }))`.
 * The annotation is the signature of the function that users call to make one.
 */
export function defineLayer<Args extends readonly unknown[], Params, Make>(
  kind: string,
  define: (...args: Args) => LayerDefinition<Params>,
): Make & { readonly kind: string } {
  const make = (...args: Args): unknown => instance(kind, define(...args));
  Object.defineProperty(make, 'name', { value: kind });
  // Make is the author's claim about `define`; the laws of layers check it on values.
  return Object.assign(make as unknown as Make & object, { kind });
}

function instance<Params>(kind: string, definition: LayerDefinition<Params>): unknown {
  const owner = {};
  const scope = { owner, name: definition.name ?? kind, kind: 'layer' as const };
  let params: Params | undefined;
  let built = false;
  const layer = (...inputs: Tensor[]): Tensor => {
    const nodes = inputs.map(nodeOf);
    if (nodes.some((node) => node.type === undefined)) {
      return new Node({
        card: paramCard,
        inputs: nodes,
        type: undefined,
        span: siteSpan(),
        scope: siteScope(),
      });
    }
    return within(scope, () => {
      if (!built) {
        params = definition.build?.(...inputs);
        for (const [name, value] of Object.entries(params ?? {})) {
          if (value instanceof Node) value.name ??= name;
        }
        built = true;
      }
      return definition.call(params as Params, ...inputs);
    });
  };
  Object.defineProperty(layer, 'name', { value: kind });
  return Object.assign(layer, { layer: kind });
}

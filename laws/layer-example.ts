/** The examples of layers, with tensors put in the places of their inputs. */
import type { ExampleInput, LayerExample } from '../compiler/op/define/define-layer.ts';
import type { Domain } from '../compiler/op/domain.ts';
import { reals } from '../compiler/op/domain.ts';

const isInput = (given: unknown): given is ExampleInput =>
  Array.isArray(given) ||
  (typeof given === 'object' && given !== null && 'values' in given && 'shape' in given);

/** What a layer is called on in an example: a tensor for each input, and options among which tensors may stand. */
export function callOf(
  { on }: LayerExample,
  tensorFor: (spec: { readonly shape: readonly number[]; readonly values: Domain }) => unknown,
): unknown[] {
  const given = (value: ExampleInput): unknown =>
    tensorFor('shape' in value ? value : { shape: value, values: reals() });
  return on.map((value) =>
    isInput(value)
      ? given(value)
      : Object.fromEntries(
          Object.entries(value).map(([name, option]) => [name, isInput(option) ? given(option) : option]),
        ),
  );
}

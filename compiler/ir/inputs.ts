/** What belongs to the inputs of a node, by the names that its card has for them; and back in their order. */
import type { Card, Primitive } from '../op/card.ts';
import type { Scalar, ScalarBuilder } from '../op/scalar.ts';
import type { Named } from '../op/specs.ts';
import type { Attributes } from './node.ts';

/** One value for each input, by name; those of a list input in an array. */
export function byName<T>(card: Card, values: readonly T[]): Named<T | readonly T[]> {
  const named: Record<string, T | readonly T[]> = {};
  let at = 0;
  for (const [name, { list }] of Object.entries(card.inputs)) named[name] = list ? values : values[at++]!;
  return named;
}

/** Back from names to the order of the inputs. */
export function inOrder<T>(card: Card, named: Named<T | readonly T[]>): readonly T[] {
  return Object.entries(card.inputs).flatMap(([name, spec]) => {
    const value = named[name];
    return spec.list ? (value as readonly T[]) : [value as T];
  });
}

/** Computes one element of an op from scalars, in the order of the inputs; of a random op, from the words it counts with. */
export function scalarLowering({ name, inputs, lower }: Primitive) {
  const { wasm, random } = lower;
  return (s: ScalarBuilder, args: readonly Scalar[], attributes: Attributes): Scalar => {
    if (random) {
      const [seed0, seed1, step, lane] = args as readonly [Scalar, Scalar, Scalar, Scalar];
      return random(s, { seed0, seed1, step, lane }, attributes);
    }
    if (!wasm) throw new Error(`internal: ${name} has no scalar lowering`);
    const named = Object.fromEntries(Object.keys(inputs).map((input, i) => [input, args[i]!]));
    return wasm(s, named, attributes);
  };
}

/** Placeholders: tensors that have no value of their own and must be fed in each run. */

import type { Check } from '../../../../compiler/op/arguments.ts';
import { checkArguments } from '../../../../compiler/op/arguments.ts';
import { oneOf, text } from '../../../../compiler/op/checks.ts';
import { input } from '../../../../compiler/op/leaf.ts';
import type { DType, Shape, Tensor } from '../../../../dsl/tensor.ts';

const sizes: Check = {
  expects: "a list of sizes: whole numbers from 1 up, or capital letters such as 'B' for unknown ones",
  fits: (value) =>
    Array.isArray(value) &&
    value.every((dim) =>
      typeof dim === 'string' ? /^[A-Z]$/.test(dim) : Number.isSafeInteger(dim) && dim > 0,
    ),
  optional: true,
};

/**
 * A tensor whose value is fed. A size that is not known before the run is a capital letter; one letter is one size in all
 * tensors of a run, so shapes are checked when the graph is built: `placeholder('float32', ['B', 784])`. Without a shape it
 * is a scalar. ARG101 to ARG103 for what is no dtype, no shape or no option.
 */
export function placeholder<D extends DType, const S extends Shape = readonly []>(
  dtype: D,
  shape?: S,
  options: { readonly name?: string } = {},
): Tensor<S, D> {
  checkArguments('placeholder', { dtype: oneOf('float32', 'int32', 'bool'), shape: sizes }, { name: text }, [
    dtype,
    shape,
    options,
  ]);
  const node = input(options.name ?? '', shape ?? [], dtype);
  node.given = options.name;
  // Whoever reads the file knows the name of the constant that holds it.
  node.name = options.name;
  return node as Tensor as Tensor<S, D>;
}

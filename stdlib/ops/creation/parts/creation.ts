/** What the makers of tensors have in common: a dtype that may be chosen, and numbers that it can hold. */
import { ARG101 } from '../../../../compiler/diagnostics/argument.ts';
import { refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { siteSpan } from '../../../../compiler/ir/site.ts';
import { checkArguments, textOf } from '../../../../compiler/op/arguments.ts';
import { constant } from '../../../../compiler/op/leaf.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { DType, Shape, Tensor } from '../../../../dsl/tensor.ts';
import { typed } from './typed.ts';

/** What a made tensor is made of. @public */
export interface CreationOptions<D extends DType = DType> {
  /** Default `float32`. */
  readonly dtype?: D | undefined;
}

/** The checks of arguments and options by name. */
export const takes = { shape: option.dims(), value: option.number(), dtype: option.dtype() };

/** Whether a dtype can hold the number: int32 holds whole numbers of 32 bits, bool 0 and 1. */
export function holds(dtype: DType, value: number): boolean {
  if (dtype === 'int32') return Object.is(value | 0, value) || value === 0;
  return dtype === 'float32' || value === 0 || value === 1;
}

/** Refuses, with ARG101, a number that the dtype cannot hold. */
export function checkHeld(maker: string, values: readonly number[], dtype: DType): void {
  const odd = values.find((value) => !holds(dtype, value));
  if (odd === undefined) return;
  refuse(
    ARG101({
      message: `${maker} cannot hold ${odd} as ${dtype}`,
      span: siteSpan(),
      expected: dtype === 'bool' ? '0 or 1' : 'whole numbers of 32 bits',
      received: textOf(odd),
    }),
  );
}

/** One number everywhere; refuses arguments that do not fit, with ARG101 to ARG103. */
export function filled<S extends Shape, D extends DType>(
  maker: string,
  shape: S,
  value: number,
  options: CreationOptions<D>,
): Tensor<S, D> {
  checkArguments(maker, { shape: takes.shape, value: takes.value }, { dtype: takes.dtype }, [
    shape,
    value,
    options,
  ]);
  const dtype = options.dtype ?? 'float32';
  checkHeld(maker, [value], dtype);
  return typed(constant(value, shape, dtype), shape, dtype as D);
}

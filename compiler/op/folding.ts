/** The meaning of reductions: folds the elements along axes with a function of two numbers. */

import type { DType } from '../../dsl/tensor.ts';
import { axesOf } from './axes.ts';
import type { ConcreteType } from './card.ts';
import type { Folded } from './type-rules.ts';
import type { Values } from './values.ts';
import { filled, offsetOf, tabulate } from './values.ts';

/** Builds the meaning of a reduction: the first element, combined with each that follows; of none, `empty`. */
export function folding(empty: number, combine: (total: number, element: number, dtype: DType) => number) {
  return ({ x }: { readonly x: Values }, { axis }: Folded, { dtype, shape }: ConcreteType): Values => {
    const gone = axesOf(axis, x.shape.length, 'internal');
    const slots = x.shape.map((size, at) => (gone.includes(at) ? 1 : size));
    // Whole numbers have no ±∞, and wrap.
    const whole = dtype === 'int32';
    const none = whole ? Math.min(Math.max(empty, -(2 ** 31)), 2 ** 31 - 1) : empty;
    const result = filled(dtype, shape, none);
    const begun = new Uint8Array(result.data.length);
    let i = 0;
    tabulate(x.dtype, x.shape, (at) => {
      const slot = offsetOf(
        slots,
        at.map((coordinate, a) => (gone.includes(a) ? 0 : coordinate)),
      );
      const element = x.data[i++]!;
      const total = begun[slot] ? combine(result.data[slot]!, element, dtype) : element;
      result.data[slot] = whole ? total | 0 : total;
      begun[slot] = 1;
      return 0;
    });
    return result;
  };
}

/** The meaning of reductions: folds the elements along axes with a function of two numbers. */
import { axesOf } from './axes.ts';
import type { Attributes, TensorType } from './card.ts';
import type { Values } from './values.ts';
import { filled, offsetOf, tabulate } from './values.ts';

/** Builds the meaning of a reduction; `start` is the value of an empty fold. */
export function folding(start: number, combine: (total: number, element: number) => number) {
  return (inputs: readonly Values[], { axis }: Attributes, { dtype, shape }: TensorType): Values => {
    const x = inputs[0]!;
    const gone = axesOf(axis, x.shape.length, 'internal');
    const slots = x.shape.map((size, at) => (gone.includes(at) ? 1 : size));
    const result = filled(dtype, shape as readonly number[], start);
    let i = 0;
    tabulate(x.dtype, x.shape, (at) => {
      const slot = offsetOf(slots, at.map((coordinate, a) => (gone.includes(a) ? 0 : coordinate)));
      result.data[slot] = combine(result.data[slot]!, x.data[i++]!);
      return 0;
    });
    return result;
  };
}

/** The gradient of a slice: what was cut out is put back among zeros. */

import { product } from '../../compiler/ir/dim.ts';
import type { Dim, Shape, Tensor } from '../../dsl/tensor.ts';
import { pad } from '../ops/movement/pad.ts';
import { reshape } from '../ops/movement/reshape.ts';
import { reverse } from '../ops/movement/reverse.ts';
import { slice } from '../ops/movement/slice.ts';

interface Cut {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

/** Puts the elements of dy `step` apart along an axis, zeros between and after them. */
function spaceOut(dy: Tensor, axis: number, step: number): Tensor {
  const split = [...dy.shape.slice(0, axis + 1), 1, ...dy.shape.slice(axis + 1)];
  const none = split.map(() => 0);
  const after = none.with(axis + 1, step - 1);
  const spaced = pad(reshape(dy, split), { before: none, after });
  return reshape(spaced, (dy.shape as Dim[]).with(axis, product([dy.shape[axis]!, step])));
}

/** ∂loss/∂x of x cut at `starts` by `steps`. */
export function slicingGradient(shape: Shape, dy: Tensor, { starts, steps }: Cut): Tensor {
  let placed = dy;
  const before: number[] = [];
  const after: number[] = [];
  shape.forEach((length, axis) => {
    const step = Math.abs(steps[axis]!);
    const backwards = steps[axis]! < 0;
    const taken = dy.shape[axis]!;
    if (backwards) placed = reverse(placed, { axis });
    if (step > 1) placed = spaceOut(placed, axis, step);
    if (typeof length === 'string' || typeof taken === 'string') {
      before.push(0);
      after.push(0);
      return;
    }
    const first = backwards ? starts[axis]! - (taken - 1) * step : starts[axis]!;
    before.push(taken === 0 ? 0 : first);
    after.push(length - before[axis]! - taken * step);
  });
  // The zeros behind the last element may reach past the end.
  if (after.some((count) => count < 0)) {
    const sizes = placed.shape.map((size, axis) => (after[axis]! < 0 ? Number(size) + after[axis]! : size));
    placed = slice(placed, { starts: sizes.map(() => 0), sizes });
  }
  return pad(placed, { before, after: after.map((count) => Math.max(count, 0)) });
}

/** What pooling ops have in common: windows of a tensor with margins, and how they are asked for. */
import { product } from '../../../../compiler/ir/dim.ts';
import { nodeOf, typeOf } from '../../../../compiler/ir/node.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../../compiler/op/signatures.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import type { Shape, Tensor } from '../../../../dsl/tensor.ts';
import { pad } from '../../movement/pad.ts';
import { spatialSizes, windows } from '../windows.ts';
import type { PerAxis } from './sliding-options.ts';
import { eachAxis, paddingFor, perAxis, perAxisOrNull } from './sliding-options.ts';
import { axesFrom, placesIn } from './windowing.ts';

/** @public */
export interface PoolOptions {
  /** From one window to the next; by default windows lie side by side. */
  readonly strides?: PerAxis | null | undefined;
  /** `same` lets windows reach over the edges, so that each stride has its place; default `valid`. */
  readonly padding?: 'valid' | 'same' | undefined;
}
/** @public */
export type Pool = <X extends Tensor>(
  x: X,
  poolSize: PerAxis,
  options?: PoolOptions,
) => Tensor<Shape, DTypeOf<X>>;

export const poolOptions = {
  poolSize: perAxis(),
  strides: perAxisOrNull(null),
  padding: option.oneOf('valid', 'same')('valid'),
};

export interface Pooling {
  readonly lengths: readonly number[];
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly margins: readonly (readonly [number, number])[];
}

/** The windows that the options ask for over all axes of x but the first and the last. */
export function poolingOf(
  x: Tensor,
  options: option.Settled<PoolOptions> & { readonly poolSize: PerAxis },
  op: string,
): Pooling {
  const spatial = x.shape.length - 2;
  if (spatial < 1) {
    throw new TypeMismatch({
      message: `${op} needs a batch axis, spatial axes and channels`,
      blame: 0,
      expected: 'three axes or more',
      received: typeText(typeOf(nodeOf(x))),
    });
  }
  const lengths = spatialSizes(typeOf(nodeOf(x)), spatial, op);
  const size = eachAxis(options.poolSize, spatial, 'poolSize', op);
  const strides = eachAxis(options.strides ?? options.poolSize, spatial, 'strides', op);
  const margins = paddingFor(
    options.padding,
    lengths,
    size,
    strides,
    size.map(() => 1),
  );
  return { lengths, size, strides, margins };
}

/** The windows, `fill` outside x, and the axes that count their elements. */
export function pooled(
  x: Tensor,
  { size, strides, margins }: Pooling,
  fill: number,
): { seen: Tensor; within: number[] } {
  const wide = margins.some((pair) => pair[0] > 0 || pair[1] > 0)
    ? pad(x, {
        before: [0, ...margins.map(([before]) => before), 0],
        after: [0, ...margins.map(([, after]) => after), 0],
        value: fill,
      })
    : x;
  return { seen: windows(wide, { size, strides }), within: axesFrom(1 + size.length, size.length) };
}

/** For each place along each axis, how many elements of x a window there holds. */
export function elementsWithin({ lengths, size, strides, margins }: Pooling): number[][] {
  return lengths.map((length, i) => {
    const [before, after] = margins[i]!;
    const places = placesIn(length + before + after, size[i]!, strides[i]!);
    return Array.from({ length: places }, (_, place) => {
      const start = place * strides[i]! - before;
      return Math.min(start + size[i]!, length) - Math.max(start, 0);
    });
  });
}

/** The number of elements of a whole window. */
export function sizeOfWindow({ size }: Pooling): number {
  return product(size) as number;
}

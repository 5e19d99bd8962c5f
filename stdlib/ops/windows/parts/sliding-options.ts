/** Options of ops that slide over spatial axes, as Keras has them: one number for all axes, or one for each. */
import { ARG102 } from '../../../../compiler/diagnostics/argument.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import { reach } from './windowing.ts';

/** One count for all spatial axes, or one for each. @public */
export type PerAxis = number | readonly number[];

/** How far windows may reach over the edges: not at all, evenly so that each stride gets its place, or only backwards. @public */
export type Padding = 'valid' | 'same' | 'causal';

const isCount = (value: unknown): value is number => option.isCount(value) && value >= 1;
const isPerAxis = (value: unknown): value is PerAxis =>
  isCount(value) || (option.isListOf(isCount)(value) && value.length > 0);

const counts = 'a whole number from 1 up, or one for each spatial axis';

/** Counts from 1 up. */
export const perAxis = option.option(counts, isPerAxis);

/** Counts from 1 up, or null for what the op says. */
export const perAxisOrNull = option.option(
  `${counts}, or null`,
  (value): value is PerAxis | null => value === null || isPerAxis(value),
);

/** An option as a list, one entry for each spatial axis. */
export function eachAxis(list: PerAxis, spatial: number, name: string, op: string): readonly number[] {
  if (typeof list === 'number') return Array.from({ length: spatial }, () => list);
  if (list.length === spatial) return list;
  throw new TypeMismatch({
    code: ARG102,
    message: `${op} needs ${name} for ${spatial} spatial ${spatial === 1 ? 'axis' : 'axes'}`,
    expected: `a number, or ${spatial} of them`,
    received: JSON.stringify(list),
  });
}

/** Elements to add before and after `length` elements, for windows that reach over `extent` (TensorFlow's rule for `same`). */
export function marginsFor(way: Padding, length: number, extent: number, stride: number): [number, number] {
  if (way === 'valid') return [0, 0];
  if (way === 'causal') return [extent - 1, 0];
  const missing = Math.max((Math.ceil(length / stride) - 1) * stride + extent - length, 0);
  return [Math.floor(missing / 2), Math.ceil(missing / 2)];
}

/** The margins along each spatial axis. */
export function paddingFor(
  way: Padding,
  lengths: readonly number[],
  taps: readonly number[],
  strides: readonly number[],
  dilation: readonly number[],
): [number, number][] {
  return lengths.map((length, i) => marginsFor(way, length, reach(taps[i]!, dilation[i]!), strides[i]!));
}

/** Options of ops that slide over spatial axes, as Keras has them: one number for all axes, or one for each. */
import { DTY303 } from '../../../../compiler/diagnostics/dtype.ts';
import type { Attribute, OptionSpec } from '../../../../compiler/op/card.ts';
import { TypeMismatch } from '../../../../compiler/op/card.ts';
import { reach } from './windowing.ts';

/** One count for all spatial axes, or one for each. @public */
export type PerAxis = number | readonly number[];

/** How far windows may reach over the edges: not at all, evenly so that each stride gets its place, or only backwards. @public */
export type Padding = 'valid' | 'same' | 'causal';

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;
const isPerAxis = (value: unknown): boolean =>
  isCount(value) || (Array.isArray(value) && value.length > 0 && value.every(isCount));

const counts = 'a whole number from 1 up, or one for each spatial axis';

/** Counts from 1 up. */
export function perAxis(fallback?: number): OptionSpec {
  return {
    expects: counts,
    fits: isPerAxis,
    ...(fallback === undefined ? { required: true } : { default: fallback }),
  };
}

/** Counts from 1 up, or null for what the op says. */
export const perAxisOrNull: OptionSpec = {
  expects: `${counts}, or null`,
  fits: (value) => value === null || isPerAxis(value),
  default: null,
};

/** One of the given ways; the first is the default. */
export function paddingOption(...ways: readonly Padding[]): OptionSpec {
  return {
    expects: ways.map((way) => `'${way}'`).join(' or '),
    fits: (value) => ways.includes(value as Padding),
    default: ways[0]!,
  };
}

/** An option as a list, one entry for each spatial axis. */
export function eachAxis(given: Attribute | undefined, spatial: number, name: string, op: string): number[] {
  if (typeof given === 'number') return Array.from({ length: spatial }, () => given);
  const list = given as number[];
  if (list.length === spatial) return list;
  throw new TypeMismatch({
    code: DTY303,
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

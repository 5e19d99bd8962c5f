/** The vocabulary for options of ops: what they accept and what they are when left out. */
import type { DType } from '../../dsl/tensor.ts';
import type { Attribute } from '../ir/node.ts';
import type { OptionSpec } from './card.ts';

const isDim = (value: unknown): boolean =>
  (typeof value === 'number' && Number.isInteger(value) && value >= 0) ||
  (typeof value === 'string' && value !== '');

function option(expects: string, fits: (value: unknown) => boolean) {
  return (fallback?: Attribute): OptionSpec =>
    fallback === undefined ? { expects, fits, required: true } : { expects, fits, default: fallback };
}

/** A real number. Without a default it must be given; so for all below. */
export const number = option('a number', (value) => typeof value === 'number');
/** A real number, or null for none. */
export const numberOrNull = option(
  'a number or null',
  (value) => value === null || typeof value === 'number',
);
export const whole = option('a whole number', (value) => Number.isInteger(value));
/** How many. */
export const count = option(
  'a whole number from 0 up',
  (value) => Number.isInteger(value) && (value as number) >= 0,
);
/** A part of a whole. */
export const share = option(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
);
export const flag = option('true or false', (value) => typeof value === 'boolean');
export const text = option('a string', (value) => typeof value === 'string');
export const dtype = option(
  "'float32', 'int32' or 'bool'",
  (value): value is DType => value === 'float32' || value === 'int32' || value === 'bool',
);
/** An axis, counted from the front or, if negative, from the back. */
export const axis = whole;
/** One axis or several; null for all of them. */
export const axes = option(
  'an axis, a list of axes, or null for all',
  (value) =>
    value === null ||
    Number.isInteger(value) ||
    (Array.isArray(value) && value.every((item) => Number.isInteger(item))),
);
/** Whole numbers. */
export const wholes = option(
  'a list of whole numbers',
  (value) => Array.isArray(value) && value.every((item) => Number.isInteger(item)),
);
/** Lists of whole numbers. */
export const wholesEach = option(
  'a list of lists of whole numbers',
  (value) =>
    Array.isArray(value) &&
    value.every((list) => Array.isArray(list) && list.every((item) => Number.isInteger(item))),
);
/** A shape: sizes and symbols. */
export const dims = option('a shape', (value) => Array.isArray(value) && value.every(isDim));
/** A shape in which one size may be −1: whatever is left. */
export const dimsOrRest = option(
  'a shape, in which one size may be −1',
  (value) => Array.isArray(value) && value.every((item) => item === -1 || isDim(item)),
);
/** One size or symbol. */
export const dim = option('a size', isDim);

/** The vocabulary for options of ops: what they accept and what they are when left out. */
import type { Dim, DType, Shape } from '../../dsl/tensor.ts';
import type { Attribute } from '../ir/node.ts';
import type { OptionSpec, RequiredSpec } from './specs.ts';

/** Options with nothing left out, as the meaning of an op gets them. */
export type Settled<Options> = { readonly [Name in keyof Options]-?: Exclude<Options[Name], undefined> };

/** Makes the spec of an option: with a value for when it is left out, or without; then it must be given. */
export interface OptionMaker<T extends Attribute> {
  (): RequiredSpec<T>;
  (fallback: T): OptionSpec<T>;
}

/** Defines a kind of option by a test of its values: `option('a whole number', (value): value is number => …)`. */
export function option<T extends Attribute>(
  expects: string,
  fits: (value: unknown) => value is T,
): OptionMaker<T> {
  function make(): RequiredSpec<T>;
  function make(fallback: T): OptionSpec<T>;
  function make(fallback?: T): OptionSpec<T> {
    return fallback === undefined ? { expects, fits, required: true } : { expects, fits, default: fallback };
  }
  return make;
}

const isNumber = (value: unknown): value is number => typeof value === 'number';
/** Whether the value is a whole number. */
export const isWhole = (value: unknown): value is number => Number.isInteger(value);
/** Whether the value is a whole number from 0 up. */
export const isCount = (value: unknown): value is number => isWhole(value) && value >= 0;
const isDim = (value: unknown): value is Dim => isCount(value) || (typeof value === 'string' && value !== '');
const isRest = (value: unknown): value is Dim => value === -1 || isDim(value);
/** Whether the value is a list of what `fits`. */
export const isListOf =
  <T>(fits: (value: unknown) => value is T) =>
  (value: unknown): value is readonly T[] =>
    Array.isArray(value) && value.every(fits);

/** Whether the value is a list of lists of whole numbers. */
export const isWholesEach = isListOf(isListOf(isWhole));

/** A real number. Without a default it must be given; so for all below. */
export const number = option('a number', isNumber);
/** A real number, or null for none. */
export const numberOrNull = option(
  'a number or null',
  (value): value is number | null => value === null || isNumber(value),
);
/** A whole number. */
export const whole = option('a whole number', isWhole);
/** How many. */
export const count = option('a whole number from 0 up', isCount);
/** How many, or null for what the op says. */
export const countOrNull = option(
  'a whole number from 0 up, or null',
  (value): value is number | null => value === null || isCount(value),
);
/** A part of a whole. */
export const fraction = option(
  'a number from 0 to 1',
  (value): value is number => isNumber(value) && value >= 0 && value <= 1,
);
/** true or false. */
export const flag = option('true or false', (value): value is boolean => typeof value === 'boolean');
/** A string. */
export const text = option('a string', (value): value is string => typeof value === 'string');
/** One of the given words. */
export const oneOf = <const W extends readonly string[]>(...words: W): OptionMaker<W[number]> =>
  option(words.map((word) => `'${word}'`).join(' or '), (value): value is W[number] =>
    words.some((word) => word === value),
  );
/** The name of an element type. */
export const dtype = option(
  "'float32', 'int32' or 'bool'",
  (value): value is DType => value === 'float32' || value === 'int32' || value === 'bool',
);
/** An axis, counted from the front or, if negative, from the back. */
export const axis = whole;
/** One axis or several; null for all of them. */
export const axes = option(
  'an axis, a list of axes, or null for all',
  (value): value is number | readonly number[] | null =>
    value === null || isWhole(value) || isListOf(isWhole)(value),
);
/** Real numbers. */
export const numbers = option('a list of numbers', isListOf(isNumber));
/** Whole numbers. */
export const wholes = option('a list of whole numbers', isListOf(isWhole));
/** Lists of whole numbers. */
export const wholesEach = option('a list of lists of whole numbers', isWholesEach);
/** A shape: sizes and symbols. */
export const dims = option('a shape', (value): value is Shape => isListOf(isDim)(value));
/** A shape in which one size may be −1: whatever is left. */
export const dimsOrRest = option('a shape, in which one size may be −1', (value): value is Shape =>
  isListOf(isRest)(value),
);
/** One size or symbol. */
export const dim = option('a size', isDim);

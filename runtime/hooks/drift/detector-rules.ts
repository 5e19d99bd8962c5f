/** Rules of options that several drift detectors share. */
import type { OptionRule } from '../../run/check-options.ts';

const isFinite = (value: unknown): value is number => Number.isFinite(value);

/** A chance or a share: more than 0, less than 1. */
export const between0And1: OptionRule = {
  expected: 'a number between 0 and 1',
  fits: (value) => isFinite(value) && value > 0 && value < 1,
};

/** More than 0, 1 included. */
export const upTo1: OptionRule = {
  expected: 'a number above 0, 1 at most',
  fits: (value) => isFinite(value) && value > 0 && value <= 1,
};

export const notNegative: OptionRule = {
  expected: 'a number, 0 or more',
  fits: (value) => isFinite(value) && value >= 0,
};

export const positive: OptionRule = {
  expected: 'a number above 0',
  fits: (value) => isFinite(value) && value > 0,
};

/** How many, when fewer than two say nothing. */
export const atLeast2: OptionRule = {
  expected: 'a whole number, 2 or more',
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= 2,
};

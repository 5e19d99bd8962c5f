/** The vocabulary for what makers of layers, optimizers and initializers take: `count`, `flag`, `oneOf('same', 'valid')`. */
import type { Check } from './arguments.ts';

const isNumber = (value: unknown): value is number => typeof value === 'number' && !Number.isNaN(value);

/** An argument that may be left out. */
export const optional = (check: Check): Check => ({ ...check, optional: true });

/** A finite number. */
export const real: Check = {
  expects: 'a number',
  fits: (value) => isNumber(value) && Number.isFinite(value),
};

/** A number that is not negative: a rate of learning, an ε. */
export const notNegative: Check = {
  expects: 'a number from 0 up',
  fits: (value) => isNumber(value) && value >= 0 && Number.isFinite(value),
};

/** A finite number, or a list of them. */
export const reals: Check = someOf(real, 'a number, or a list of numbers');
/** A number from 0 up, or a list of them. */
export const notNegatives: Check = someOf(notNegative, 'a number from 0 up, or a list of them');

/** A number above 0. */
export const aboveZero: Check = {
  expects: 'a number above 0',
  fits: (value) => isNumber(value) && value > 0 && Number.isFinite(value),
};

/** A part of a whole. */
export const fraction: Check = {
  expects: 'a number from 0 to 1',
  fits: (value) => isNumber(value) && value >= 0 && value <= 1,
};

/** A part of a whole that leaves something: a rate of dropout, a decay. */
export const rate: Check = {
  expects: 'a number from 0 up to but not including 1',
  fits: (value) => isNumber(value) && value >= 0 && value < 1,
};

/** A whole number. */
export const whole: Check = { expects: 'a whole number', fits: (value) => Number.isInteger(value) };

/** How many, at least one. */
export const count: Check = {
  expects: 'a whole number from 1 up',
  fits: (value) => isNumber(value) && Number.isInteger(value) && value >= 1,
};

/** true or false. */
export const flag: Check = { expects: 'true or false', fits: (value) => typeof value === 'boolean' };
/** A string. */
export const text: Check = { expects: 'a string', fits: (value) => typeof value === 'string' };
/** A function. */
export const callable: Check = { expects: 'a function', fits: (value) => typeof value === 'function' };

/** A function of tensors, such as `relu`. */
export const activation: Check = { expects: 'a function such as relu', fits: callable.fits };
/** An initializer, such as `zeros`. */
export const initializer: Check = { expects: 'an initializer such as glorotUniform()', fits: callable.fits };

/** A number from 0 up, or a function of the step. */
export const learningRate: Check = {
  expects: 'a number from 0 up, or a schedule',
  fits: (value) => callable.fits(value) || notNegative.fits(value),
};

/** A learning rate that is divided by. */
export const learningRateAboveZero: Check = {
  expects: 'a number above 0, or a schedule',
  fits: (value) => callable.fits(value) || aboveZero.fits(value),
};

/** An axis, or several, counted from the back if negative. */
export const axes: Check = {
  expects: 'an axis or a list of axes',
  fits: (value) => Number.isInteger(value) || (Array.isArray(value) && value.every(whole.fits)),
};

/** One of a few words. */
export function oneOf(...words: readonly string[]): Check {
  const quoted = words.map((word) => `'${word}'`);
  return {
    expects: [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter((part) => part !== '').join(' or '),
    fits: (value) => typeof value === 'string' && words.includes(value),
  };
}

/** One count for all of `rank` axes, or one for each, from `least` up. */
export function perAxis(rank: number, least = 1): Check {
  const fits = (value: unknown): boolean => isNumber(value) && Number.isInteger(value) && value >= least;
  return {
    expects: `a whole number from ${least} up${rank === 1 ? '' : `, or ${rank} of them`}`,
    fits: (value) => fits(value) || (Array.isArray(value) && value.length === rank && value.every(fits)),
  };
}

/** What fits, or null. */
export function orNull(check: Check): Check {
  return { expects: `${check.expects}, or null`, fits: (value) => value === null || check.fits(value) };
}

const isSize = (value: unknown): boolean => count.fits(value) || (typeof value === 'string' && value !== '');

/** Sizes and symbols, null for what stands there anyway. */
export const sizes: Check = {
  expects: 'a list of sizes, null for those of the input',
  fits: (value) => Array.isArray(value) && value.every((size) => size === null || isSize(size)),
};

/** A shape in which one size may be −1: whatever is left. */
export const targetShape: Check = {
  expects: 'a shape, in which one size may be −1',
  fits: (value) => Array.isArray(value) && value.every((size) => size === -1 || isSize(size)),
};

function someOf({ fits }: Check, expects: string): Check {
  return { expects, fits: (value) => fits(value) || (Array.isArray(value) && value.every(fits)) };
}

/** How hard generated suites try: the seed, and how many runs each makes. */

/** Fixed, so that a failure repeats; `MILLRACE_SEED` sets another one. */
export const seed = wholeNumber('MILLRACE_SEED', 20_170_317, -0x8000_0000);

/** `MILLRACE_RUNS=10` makes ten times as many runs. */
export const effort = wholeNumber('MILLRACE_RUNS', 1, 1);

/** Set by `npm run laws -- erf`: a chosen part of the specs runs, so the floors of whole suites say nothing. */
export const isPart = process.env.MILLRACE_PART === '1';

/** Set by `npm run test:long`: endurance, and crashes by the dozen. */
export const isLong = process.env.MILLRACE_LONG === '1';

/** As many runs as `usual` at the present effort. Floors are set against the usual number. */
export function runs(usual: number): number {
  return usual * effort;
}

function wholeNumber(name: string, usual: number, least: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return usual;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`internal: ${name} is ${text}, not a whole number that is at least ${least}`);
}

/** Laws of definitions as tests that any test runner can run: `for (const { name, run } of lawsOf(dense)) test(name, run)`. */

import { close } from './close.ts';

/** One law of one definition. `run` throws where the law does not hold; some give a promise, which rejects. */
export interface LawTest {
  readonly name: string;
  readonly run: () => void;
}

/** What a law that does not hold throws. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken';
}

/** Throws unless the law holds. */
export function holds(condition: boolean, otherwise: string | (() => string)): asserts condition {
  if (!condition) throw new LawBroken(typeof otherwise === 'string' ? otherwise : otherwise());
}

/** Throws unless two lists of numbers are alike, up to `relative` of their size plus `absolute`. */
export function alike(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  what: string,
  { relative = 0, absolute = 0 } = {},
): void {
  holds(got.length === want.length, `${what}: ${got.length} numbers for ${want.length}`);
  for (let i = 0; i < want.length; i++) {
    const [a, b] = [got[i]!, want[i]!];
    holds(close(a, b, relative, absolute), () => `${what}: element ${i} is ${a}, not ${b}`);
  }
}

/** A definition without examples has no law to break: it is refused, so that nobody takes silence for soundness. */
export function hasExamples(facts: {
  readonly name: string;
  readonly examples: readonly unknown[];
}): LawTest {
  return {
    name: 'has examples',
    run: () =>
      holds(facts.examples.length > 0, `${facts.name} has no examples, so that its laws say nothing`),
  };
}

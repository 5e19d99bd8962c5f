/** What a generated graph is made from: numbers only, so that fast-check can shrink it by dropping and lessening. */
import fc from 'fast-check';

/** Each list of numbers decides one leaf, one op, one output or one update; see `grow`. */
export interface Recipe {
  readonly rows: number;
  /** How many more rows fit than are run. */
  readonly spare: number;
  readonly leaves: readonly (readonly number[])[];
  readonly ops: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  readonly updates: readonly (readonly number[])[];
  /** Where the values of inputs and state come from. */
  readonly seed: number;
}

const decision = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat({ max: 9_999 }), { minLength: length, maxLength: length });

/** Recipes for graphs of up to `size` ops and at least so many outputs. */
export function recipes(size = 12, outputs = 1): fc.Arbitrary<Recipe> {
  return fc.record({
    rows: fc.integer({ min: 1, max: 5 }),
    spare: fc.nat({ max: 2 }),
    leaves: fc.array(decision(8), { minLength: 1, maxLength: 4 }),
    ops: fc.array(decision(24), { minLength: 1, maxLength: size, size: 'max' }),
    outputs: fc.array(decision(2), { minLength: outputs, maxLength: outputs + 2 }),
    updates: fc.array(decision(4), { maxLength: 3 }),
    seed: fc.nat({ max: 99_999 }),
  });
}

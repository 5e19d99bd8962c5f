/** Random graphs of variables and assignments, run at random: as a few lines of plain JavaScript say, on each engine. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as s from '../../runtime/faces/session/index.ts';
import type { Tensor } from '../../stdlib/index.ts';
import { add, multiply, subtract, tanh } from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('sessions at random', { programs: 40, runs: 200, assignments: 100 });

/** A value as the graph has it, and as plain arithmetic has it: a function of the variables and of what is fed. */
interface Value {
  readonly tensor: Tensor;
  readonly of: (held: readonly number[], fed: number) => number;
}

interface Step {
  readonly value: number;
  readonly set: readonly (readonly [variable: number, kind: number, value: number])[];
  readonly fed: number;
}

const number = fc.integer({ min: -8, max: 8 }).map((n) => n / 8);
const ops = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat(), fc.nat()), { minLength: 1, maxLength: 6 });
const steps = fc.array(
  fc.record({
    value: fc.nat(),
    set: fc.uniqueArray(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat()), {
      maxLength: 3,
      selector: ([variable]) => variable,
    }),
    fed: number,
  }),
  { minLength: 3, maxLength: 8 },
);

const kinds = [
  { make: s.assign, of: (_: number, value: number) => value },
  { make: s.assignAdd, of: (before: number, value: number) => before + value },
  { make: s.assignSub, of: (before: number, value: number) => before - value },
];

test.each(['wasm', 'reference'] as const)('on %s', async (engine) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(number, { minLength: 3, maxLength: 3 }),
      ops,
      steps,
      async (initial, made, plan) => {
        const session = new s.Session({ engine });
        const x = s.placeholder('float32');
        const variables = initial.map((value) => s.variable(value));
        const values: Value[] = [
          { tensor: x, of: (_, fed) => fed },
          ...variables.map((tensor, i): Value => ({ tensor, of: (held) => held[i]! })),
        ];
        for (const [op, i, j] of made)
          values.push(combined(op, values[i % values.length]!, values[j % values.length]!));
        let held: readonly number[] = initial;
        await session.run(s.globalVariablesInitializer());
        for (const step of plan) {
          held = await ran(session, step, x, variables, values, held);
          count('runs');
        }
        const found = await session.run(variables);
        found.forEach((value, i) => {
          expect(value).toBeCloseTo(held[i]!, 3);
        });
        await session.close();
        count('programs');
      },
    ),
    { numRuns: runs(30) },
  );
});

function combined(op: number, a: Value, b: Value): Value {
  // Kept small, so that nothing grows beyond what a few digits hold.
  if (op === 0)
    return { tensor: tanh(add(a.tensor, b.tensor)), of: (h, x) => Math.tanh(a.of(h, x) + b.of(h, x)) };
  if (op === 1)
    return { tensor: tanh(multiply(a.tensor, b.tensor)), of: (h, x) => Math.tanh(a.of(h, x) * b.of(h, x)) };
  if (op === 2)
    return { tensor: tanh(subtract(a.tensor, b.tensor)), of: (h, x) => Math.tanh(a.of(h, x) - b.of(h, x)) };
  return { tensor: multiply(a.tensor, 0.5), of: (h, x) => 0.5 * a.of(h, x) };
}

/** All updates see the values at the start; what is fetched beside them, too; a fetched assignment gives the new value. */
async function ran(
  session: s.Session,
  { value, set, fed }: Step,
  x: Tensor,
  variables: readonly Tensor[],
  values: readonly Value[],
  held: readonly number[],
): Promise<readonly number[]> {
  const fetched = values[value % values.length]!;
  const after = [...held];
  const assigned = set.map(([variable, kind, of]) => {
    const source = values[of % values.length]!;
    after[variable] = kinds[kind]!.of(held[variable]!, source.of(held, fed));
    count('assignments');
    return kinds[kind]!.make(variables[variable]!, source.tensor);
  });
  // The sum makes sure that the placeholder is needed.
  const sum = add(fetched.tensor, multiply(x, 0));
  const [got, news] = await session.run([sum, assigned] as const, [[x, fed]]);
  expect(got).toBeCloseTo(fetched.of(held, fed), 3);
  news.forEach((found, i) => {
    expect(found).toBeCloseTo(after[set[i]![0]]!, 3);
  });
  return after;
}

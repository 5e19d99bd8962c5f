/** Generated programs, and those that once failed, keep every law of the compiler. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { type Grown, grow, growing } from './grow.ts';
import { broken, caseOf } from './laws.ts';
import { recipes } from './recipe.ts';
import { keep, regressions, settingOf } from './regressions.ts';

const floors = { graphs: 300, ops: 1500, numbers: 10_000 };
const count = tally('generated graphs', floors);
const called = new Map<string, number>();
const skipped = new Map<string, number>();
let unjudged = 0;

function tell(grown: Grown): void {
  count('graphs');
  count('ops', grown.called.length);
  for (const name of grown.called) called.set(name, (called.get(name) ?? 0) + 1);
  for (const why of grown.skipped) skipped.set(why, (skipped.get(why) ?? 0) + 1);
}

test('generated programs', async () => {
  let failure: { law: string; how: string } | undefined;
  const property = fc.asyncProperty(recipes(), async (recipe) => {
    const grown = grow(recipe);
    tell(grown);
    const given = caseOf(grown.graph, grown);
    const fault = await broken(given);
    failure = fault ?? failure;
    count(
      'numbers',
      Object.values(given.meaning[0]!).reduce((sum, { length }) => sum + length, 0),
    );
    unjudged += given.rounding.unjudged();
    return fault === undefined;
  });
  const outcome = await fc.check(property, { numRuns: runs(300) });
  if (!outcome.failed) return;
  const { graph } = grow(outcome.counterexample![0]);
  const file = keep(failure?.law ?? 'crash', graph);
  throw new Error(
    `${failure?.law ?? 'crash'}: ${failure?.how ?? outcome.errorInstance}\nkept as regressions/${file}`,
    {
      cause: outcome.errorInstance,
    },
  );
});

test('each op, as in its examples', async () => {
  for (const card of growing) {
    const sampled = fc.sample(recipes(4), { seed: seed + card.name.length, numRuns: runs(2) });
    for (const recipe of sampled) {
      const grown = grow(recipe, card);
      tell(grown);
      const fault = await broken(caseOf(grown.graph, grown));
      const text = fault && `kept as regressions/${keep(fault.law, grown.graph)}`;
      expect(fault, text).toBeUndefined();
    }
  }
});

test.for(regressions())('once broken: $file', async ({ graph }) => {
  expect(await broken(caseOf(graph, settingOf(graph)))).toBeUndefined();
});

afterAll(() => {
  const reasons = [...skipped].sort(([, a], [, b]) => b - a).slice(0, 8);
  console.log(
    [
      `ops covered: ${called.size} of ${growing.length}; numbers not judged, since rounding decides them: ${unjudged}`,
      `calls that did not come about: ${reasons.map(([why, times]) => `${why} ${times}`).join(', ')}`,
    ].join('\n'),
  );
  expect(
    growing.map(({ name }) => name).filter((name) => !called.has(name)),
    'ops in no generated graph',
  ).toEqual([]);
});

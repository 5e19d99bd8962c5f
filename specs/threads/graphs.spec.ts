/** Generated programs on several threads give the bits that they give on one. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { simplify } from '../../compiler/4-simplify/simplify.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { grow } from '../differential/grow.ts';
import { recipes } from '../differential/recipe.ts';
import type { Turn } from '../differential/turns.ts';
import { planOf } from '../differential/turns.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { Team } from './team.ts';

const count = tally('programs on threads', { programs: 150, kernels: 400, numbers: 10_000 });
const teams = [1, 2, 4].map((threads) => new Team(threads));
afterAll(() => {
  for (const team of teams) team.end();
});

test('1, 2 and 4 threads', async () => {
  await fc.assert(
    fc.asyncProperty(recipes(20), fc.boolean(), fc.boolean(), async (recipe, fuse, reuse) => {
      const grown = grow(recipe);
      const graph = simplify(expandGraph(grown.graph), vocabulary);
      const plan = planOf(graph, grown, { fuse, reuse });
      const [alone, ...others] = await inTurn(teams, (team) => team.run(plan, graph, grown));
      for (const other of others) expect(other.map(bits)).toEqual(alone!.map(bits));
      count('programs');
      count('kernels', plan.kernels.length);
      for (const turn of alone!) for (const { length } of Object.values(turn)) count('numbers', length);
    }),
    { numRuns: runs(150) },
  );
});

async function inTurn<T, U>(items: readonly T[], make: (item: T) => Promise<U>): Promise<U[]> {
  const made: U[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

/** Told apart by bit, but for NaNs: hosts may give any of them. */
function bits(turn: Turn): Record<string, string> {
  return Object.fromEntries(
    Object.entries(turn).map(([name, values]) => [
      name,
      Array.from(values, (x) => (Object.is(x, -0) ? '-0' : String(x))).join(),
    ]),
  );
}

/** One loop over the vocabulary: what each card claims, held against its own meaning. */
import { describe, test } from 'vitest';
import { lawsOfOp } from '../../laws/ops/laws-of-op.ts';
import { cards } from '../../stdlib/cards.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('laws of ops', {
  cards: 100,
  laws: 600,
  examples: 130,
  values: 3000,
  slopes: 3500,
  claims: 4000,
});

/** What the checks of a law are counted as. */
function kindOf(law: string): string {
  if (law.endsWith('holds')) return 'examples';
  if (law.endsWith('type')) return 'values';
  return law.endsWith('gradient') ? 'slopes' : 'claims';
}

describe.each(cards.map((card) => [card.name, card] as const))('%s', (_, card) => {
  count('cards');

  test.each(
    lawsOfOp(card, { roles: vocabulary.roles, seed, runs: runs(25) }).map((law) => [law.name, law] as const),
  )('%s', (name, law) => {
    count('laws');
    count(kindOf(name), law.run());
  });
});

/** Every primitive can be said in TensorFlow's ops; no TensorFlow is needed to know. */
import { expect, test } from 'vitest';
import type { Card } from '../../compiler/op/card.ts';
import { documentedCalls } from '../../laws/ops/documented-calls.ts';
import { cards } from '../../stdlib/cards.ts';

/** By a lowering of its own, by what its movement says, or by primitives that have one. */
function isLowered(card: Card): boolean {
  if (card.kind === 'composite' || card.kind === 'update') return true;
  const { lower, movement, landing } = card;
  return [lower.tensorflow, lower.plan, movement, landing].some((way) => way !== undefined);
}

test('every primitive has a lowering to TensorFlow', () => {
  expect(cards.filter((card) => !isLowered(card)).map(({ name }) => name)).toEqual([]);
  expect(cards.filter(({ kind }) => kind !== 'composite').length).toBeGreaterThan(40);
});

test('a lowering by name stands on kinds that the emitter reads names of', () => {
  const misplaced = cards.filter(
    (card) =>
      card.kind !== 'composite' &&
      typeof card.lower.tensorflow === 'string' &&
      !['map', 'zip', 'reduce'].includes(card.kind),
  );
  expect(misplaced.map(({ name }) => name)).toEqual([]);
  expect(cards.flatMap(documentedCalls).length).toBeGreaterThan(100);
});

/** The arena: values that are needed at one time never share a byte, and others may. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lifetime } from '../../compiler/5-plan/4-memory/arena.ts';
import { layOut } from '../../compiler/5-plan/4-memory/arena.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const lifetimes: fc.Arbitrary<Lifetime[]> = fc.array(
  fc
    .tuple(fc.nat({ max: 12 }), fc.nat({ max: 20 }), fc.nat({ max: 8 }))
    .map(([blocks, from, length]) => ({ bytes: 16 * blocks, from, to: from + length })),
  { maxLength: 24 },
);
const count = tally('arenas', { arenas: 800, pairs: 5000 });

const meet = (a: Lifetime, b: Lifetime): boolean => a.from <= b.to && b.from <= a.to;
const total = (list: readonly Lifetime[]): number => list.reduce((sum, { bytes }) => sum + bytes, 0);

test('what is needed together lies apart, inside the arena, aligned', () => {
  fc.assert(
    fc.property(lifetimes, fc.boolean(), (list, reuse) => {
      const { offsets, bytes } = layOut(list, reuse);
      count('arenas');
      for (const [i, a] of list.entries()) {
        expect(offsets[i]! % 16).toBe(0);
        expect(offsets[i]! + a.bytes).toBeLessThanOrEqual(bytes);
        for (const [j, b] of list.slice(0, i).entries()) {
          if (!meet(a, b) && reuse) continue;
          count('pairs');
          const apart = offsets[i]! + a.bytes <= offsets[j]! || offsets[j]! + b.bytes <= offsets[i]!;
          expect(apart || a.bytes === 0 || b.bytes === 0).toBe(true);
        }
      }
    }),
    { numRuns: runs(1000) },
  );
});

test('sharing never takes more than lying side by side, nor less than what is needed at once', () => {
  fc.assert(
    fc.property(lifetimes, (list) => {
      const { bytes } = layOut(list, true);
      const times = list.map(({ from }) => from);
      const atOnce = Math.max(
        0,
        ...times.map((time) => total(list.filter(({ from, to }) => from <= time && time <= to))),
      );
      expect(bytes).toBeLessThanOrEqual(total(list));
      expect(layOut(list, false).bytes).toBe(total(list));
      expect(bytes).toBeGreaterThanOrEqual(atOnce);
    }),
    { numRuns: runs(500) },
  );
});

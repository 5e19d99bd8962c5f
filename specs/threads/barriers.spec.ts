/** Barriers stand where a later kernel touches what another thread may have in hand, and nowhere else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoopKernel, Region } from '../../compiler/5-plan/plan.ts';
import type { Scheduled } from '../../compiler/6-emit/wasm/threads/barriers.ts';
import { barriersOf } from '../../compiler/6-emit/wasm/threads/barriers.ts';
import { tally } from '../support/tally.ts';

const count = tally('barriers', { schedules: 100, barriers: 200, 'kernels without': 200 });

interface Made {
  readonly reads: readonly number[];
  readonly stores: readonly number[];
  readonly isShared: boolean;
}

/** Regions of 16 bytes to 48 that share some of their memory. */
const regions = Array.from(
  { length: 8 },
  (_, i): Region => ({
    name: `r${i}`,
    kind: 'arena',
    dtype: 'float32',
    shape: [4],
    offset: 32 * i,
    bytes: 16 * (1 + (i % 3)),
  }),
);

function scheduled({ reads, stores, isShared }: Made): Scheduled {
  const access = (region: number) => ({ region, strides: [1], offset: 0 });
  const kernel: LoopKernel = {
    kind: 'loop',
    name: 'made',
    outer: [4],
    inner: [],
    stages: [
      {
        over: 'outer',
        body: reads.map((region) => ({ kind: 'read', access: access(region), dtype: 'float32' })),
        stores: stores.map((region) => ({ access: access(region), value: 0 })),
        folds: [],
      },
    ],
    spans: [],
  };
  return { kernel, isShared };
}

/** Whether two kernels must not run at once, byte by byte. */
function clash(a: Made, b: Made): boolean {
  const bytes = (of: readonly number[]): Set<number> =>
    new Set(of.flatMap((r) => Array.from({ length: regions[r]!.bytes }, (_, i) => regions[r]!.offset + i)));
  const meet = (one: readonly number[], other: readonly number[]): boolean =>
    [...bytes(one)].some((byte) => bytes(other).has(byte));
  const inOrder = !a.isShared && !b.isShared;
  return !inOrder && (meet(a.stores, [...b.reads, ...b.stores]) || meet(a.reads, b.stores));
}

test('every clash is kept apart, and each barrier keeps one apart', () => {
  const some = fc.array(fc.nat({ max: regions.length - 1 }), { minLength: 1, maxLength: 2 });
  const made = fc.record({ reads: some, stores: some, isShared: fc.boolean() });
  fc.assert(
    fc.property(fc.array(made, { maxLength: 12 }), (list) => {
      const barriers = barriersOf(list.map(scheduled), regions);
      let since = 0;
      for (const [i, kernel] of list.entries()) {
        const clashes = list.slice(since, i).some((earlier) => clash(earlier, kernel));
        expect(barriers[i], `before kernel ${i}`).toBe(clashes);
        if (clashes) since = i;
        count(clashes ? 'barriers' : 'kernels without');
      }
      count('schedules');
    }),
  );
});

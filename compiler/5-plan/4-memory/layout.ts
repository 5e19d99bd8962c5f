/** Gives every region its place: state first, the same in every program; then inputs, literals and outputs; then the arena. */
import { regionsOf } from '../3-kernels/touched.ts';
import type { Kernel, Plan, Port } from '../plan.ts';
import { layOut } from './arena.ts';
import type { Draft } from './region-table.ts';

export function layRegions(
  drafts: readonly Draft[],
  kernels: readonly Kernel[],
  outputs: readonly Port[],
  reuse: boolean,
): Pick<Plan, 'regions' | 'stateBytes' | 'bytes' | 'naiveBytes'> {
  const given = new Set(outputs.map(({ region }) => region));
  const kindOf = (draft: Draft, i: number) =>
    draft.kind === 'arena' && given.has(i) ? ('output' as const) : draft.kind;
  const kinds = drafts.map(kindOf);
  const offsets = drafts.map(() => 0);
  /** Lays the regions that are chosen one after the other; gives where they end. */
  const inARow = (start: number, isChosen: (kind: (typeof kinds)[number]) => boolean): number =>
    drafts.reduce((end, { bytes }, i) => {
      if (!isChosen(kinds[i]!)) return end;
      offsets[i] = end;
      return end + bytes;
    }, start);
  const stateBytes = inARow(0, (kind) => kind === 'state');
  const fixedBytes = inARow(stateBytes, (kind) => kind !== 'state' && kind !== 'arena');
  const arena = drafts.flatMap((_, i) => (kinds[i] === 'arena' ? [i] : []));
  const lifetimes = lifetimesOf(drafts.length, kernels);
  const laid = layOut(
    arena.map((i) => ({ bytes: drafts[i]!.bytes, ...lifetimes[i]! })),
    reuse,
  );
  arena.forEach((i, k) => {
    offsets[i] = fixedBytes + laid.offsets[k]!;
  });
  return {
    regions: drafts.map((draft, i) => ({ ...draft, kind: kinds[i]!, offset: offsets[i]! })),
    stateBytes,
    bytes: fixedBytes + laid.bytes,
    naiveBytes: arena.reduce((sum, i) => sum + drafts[i]!.bytes, 0),
  };
}

/** From which kernel to which, by their numbers, each of `count` regions is touched. */
function lifetimesOf(count: number, kernels: readonly Kernel[]): { from: number; to: number }[] {
  const lifetimes = Array.from({ length: count }, () => ({ from: Number.POSITIVE_INFINITY, to: -1 }));
  kernels.forEach((kernel, at) => {
    for (const region of regionsOf(kernel)) {
      const lifetime = lifetimes[region]!;
      lifetime.from = Math.min(lifetime.from, at);
      lifetime.to = Math.max(lifetime.to, at);
    }
  });
  return lifetimes;
}

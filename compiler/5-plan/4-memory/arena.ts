/** Lays values that are not needed at the same time over each other: first fit, largest first. */

export interface Lifetime {
  readonly bytes: number;
  /** The first and the last kernel, by number, between which the value must keep. */
  readonly from: number;
  readonly to: number;
}

export interface Arena {
  /** Bytes from the start of the arena, one for each lifetime. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

export function layOut(lifetimes: readonly Lifetime[], reuse: boolean): Arena {
  const offsets = lifetimes.map(() => 0);
  if (!reuse) {
    let bytes = 0;
    lifetimes.forEach((lifetime, i) => {
      offsets[i] = bytes;
      bytes += lifetime.bytes;
    });
    return { offsets, bytes };
  }
  const largestFirst = lifetimes
    .map((_, i) => i)
    .sort((a, b) => lifetimes[b]!.bytes - lifetimes[a]!.bytes || a - b);
  const laid: number[] = [];
  let bytes = 0;
  for (const i of largestFirst) {
    const { from, to, bytes: size } = lifetimes[i]!;
    const beside = laid
      .filter((j) => lifetimes[j]!.from <= to && from <= lifetimes[j]!.to)
      .sort((a, b) => offsets[a]! - offsets[b]!);
    let offset = 0;
    for (const j of beside) {
      if (offsets[j]! - offset >= size) break;
      offset = Math.max(offset, offsets[j]! + lifetimes[j]!.bytes);
    }
    offsets[i] = offset;
    laid.push(i);
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}

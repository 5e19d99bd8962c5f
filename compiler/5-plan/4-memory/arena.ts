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
  /** What has been laid, by offset. */
  const laid: number[] = [];
  let bytes = 0;
  for (const i of largestFirst) {
    const { from, to, bytes: size } = lifetimes[i]!;
    let offset = 0;
    for (const j of laid) {
      if (offsets[j]! - offset >= size) break;
      const other = lifetimes[j]!;
      if (other.from <= to && from <= other.to) offset = Math.max(offset, offsets[j]! + other.bytes);
    }
    offsets[i] = offset;
    laid.splice(placeOf(offset, offsets, laid), 0, i);
    bytes = Math.max(bytes, offset + size);
  }
  return { offsets, bytes };
}

/** How many of the laid lie at the offset or before it. */
function placeOf(offset: number, offsets: readonly number[], laid: readonly number[]): number {
  let [low, high] = [0, laid.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets[laid[middle]!]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

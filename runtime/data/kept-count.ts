/** Reads counts in positions that were kept: of what no reader left there, nobody knows when it would end. */

/** 0 where nothing was kept. */
export function keptCount(value: number | undefined): number {
  if (value === undefined) return 0;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error('internal: a position has no count where one belongs');
}

/** What several stages ask of their arguments. */

/** A whole number of rows, or all there are. */
export function isCount(value: unknown, least = 0): boolean {
  return (Number.isInteger(value) && Number(value) >= least) || value === Number.POSITIVE_INFINITY;
}

/** A whole number of rows that memory has to hold. */
export function isRoom(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** When two numbers count as one. */

/** Equal, both NaN, or no further apart than `relative` of their size plus `absolute`. */
export function close(got: number, want: number, relative: number, absolute: number): boolean {
  if (got === want || (Number.isNaN(got) && Number.isNaN(want))) return true;
  if (!Number.isFinite(got) || !Number.isFinite(want)) return false;
  return Math.abs(got - want) <= relative * Math.abs(want) + absolute;
}

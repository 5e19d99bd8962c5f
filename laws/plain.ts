/** Plain data, as states of hooks and detectors must be. */

/** The value as JSON keeps it. */
export const throughJson = <T>(state: T): T =>
  state === undefined ? state : JSON.parse(JSON.stringify(state));

/** Whether JSON keeps a value: no functions, no objects of classes, no numbers that are not finite. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'bigint';
  const kind: unknown = Object.getPrototypeOf(value);
  return (Array.isArray(value) || kind === Object.prototype) && Object.values(value).every(isPlain);
}

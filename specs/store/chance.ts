/** Numbers drawn from a seed. */

/** Gives a number from 0 up to, and without, `below`. */
export type Chance = (below: number) => number;

/** xorshift32 */
export function chanceFrom(start: number): Chance {
  let state = start | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

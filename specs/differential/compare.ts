/** Whether two runs of one program gave the same, and where not. */
import type { Turn } from './turns.ts';

/** How far an element may be off; 0 asks for the same number, where any NaN is as good as another. */
export type Tolerance = (turn: number, name: string, element: number, wanted: number) => number;

export const exactly: Tolerance = () => 0;

/** A text for the first difference; undefined for none. −0 and 0 are one. */
export function difference(
  wanted: readonly Turn[],
  found: readonly Turn[],
  tolerance: Tolerance,
): string | undefined {
  for (const [turn, values] of wanted.entries()) {
    for (const [name, numbers] of Object.entries(values)) {
      const others = found[turn]?.[name];
      if (!others) return `turn ${turn}: no ${name}`;
      if (others.length !== numbers.length)
        return `turn ${turn}: ${name} has ${others.length} elements, not ${numbers.length}`;
      for (let i = 0; i < numbers.length; i++) {
        const [a, b] = [numbers[i]!, others[i]!];
        if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
        const allowed = tolerance(turn, name, i, a);
        if (allowed === Number.POSITIVE_INFINITY || Math.abs(a - b) <= allowed) continue;
        return `turn ${turn}: ${name}[${i}] is ${b}, not ${a}${allowed > 0 ? ` ± ${allowed}` : ''}`;
      }
    }
  }
  return undefined;
}

/** Counts what a generated suite tries, prints it, and fails when it tried too little to mean anything. */
import { afterAll, expect } from 'vitest';
import { isPart } from './effort.ts';

/** Gives a counter; `floor` is the least that the named thing must have been counted. */
export function tally(
  what: string,
  floors: Readonly<Record<string, number>>,
): (name: string, by?: number) => void {
  const counts = new Map(Object.keys(floors).map((name) => [name, 0]));
  afterAll(() => {
    console.log(`${what}: ${[...counts].map(([name, count]) => `${count} ${name}`).join(', ')}`);
    if (isPart) return;
    for (const [name, floor] of Object.entries(floors)) {
      expect(counts.get(name), `${what}: ${name}`).toBeGreaterThanOrEqual(floor);
    }
  });
  return (name, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by);
}

/** Says, loudly, what a machine could not try. */

export function announceSkipped(what: string, why: string): void {
  console.warn(`NOT TRIED HERE: ${what}: ${why}`);
}

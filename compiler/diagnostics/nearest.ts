/** Did you mean: the nearest of the known names to one that is not known. */

/** The fewest insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, row[j]! + 1, next[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/** `lr` of `learningRate`. */
const initials = (name: string): string => name.charAt(0) + name.slice(1).replace(/[^A-Z]/g, '');

/** Nobody misspells a name of this length; comparing two texts takes time by the product of their lengths. */
const longest = 200;

/** The nearest name, if it is near enough to have been meant; one of whose words these are the first letters is. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > longest) return undefined;
  const near = Math.max(1, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  let best: { readonly candidate: string; readonly far: number } | undefined;
  for (const candidate of known) {
    const isInitials =
      name.length > 1 && candidate.length <= longest && initials(candidate).toLowerCase() === wanted;
    // Two texts are at least as far apart as their lengths are.
    if (!isInitials && Math.abs(candidate.length - name.length) > near) continue;
    const far = isInitials ? 0 : distance(wanted, candidate.toLowerCase());
    if (far <= near && (!best || far < best.far)) best = { candidate, far };
  }
  return best?.candidate;
}

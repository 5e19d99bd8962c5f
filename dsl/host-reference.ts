/** A value that exists only when the program runs: legal where data may be, refused where a shape is needed. */

/** Stands for such a value while the program is only read. `where` is the place in the source, for messages. */
export class HostReference {
  readonly why: string;
  readonly where: string;

  constructor(why: string, where: string) {
    this.why = why;
    this.where = where;
  }
}

/** The first such value in an argument, or in the plain objects that it is made of. */
export function hostReferenceIn(value: unknown, depth = 4): HostReference | undefined {
  if (value instanceof HostReference) return value;
  if (depth === 0 || typeof value !== 'object' || value === null) return undefined;
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  for (const member of Object.values(value)) {
    const found = hostReferenceIn(member, depth - 1);
    if (found) return found;
  }
  return undefined;
}

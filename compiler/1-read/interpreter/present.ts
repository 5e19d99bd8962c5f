/** The types of interpreted values, of which TypeScript can know no more than that they are there. */

/** Anything but null and undefined. */
export type Present = NonNullable<unknown>;

/** What `typeof value === 'function'` says of an unknown value. */
// biome-ignore lint/complexity/noBannedTypes: a function that was read has no signature that could be named
export type Callable = Function;

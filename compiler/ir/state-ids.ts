/** The ids of the state that the compiler itself adds; no user's name begins as they do, so none can meet one. */

/** The sign that they all begin with. */
export const ours = '§';

export const isOurs = (name: string): boolean => name.startsWith(ours);

export const stepId = `${ours}step`;
export const seedId = `${ours}seed`;
export const trainingId = `${ours}training`;

/** An id from its parts, those left out that there are none of: `§slot/critic/dense.kernel/momentum`. */
function id(...parts: readonly (string | undefined)[]): string {
  // A slash in a user's word must not look like the end of a part.
  const words = parts.flatMap((part) =>
    part === undefined ? [] : [part.replace(/[%/]/g, encodeURIComponent)],
  );
  return `${ours}${words.join('/')}`;
}

/** The learning rate of an objective. */
export const rateId = (objective: string | undefined): string => id('rate', objective);

/** What an optimizer keeps beside a parameter. */
export const slotId = (objective: string | undefined, parameter: string, slot: string): string =>
  id('slot', objective, parameter, slot);

const lengthMark = `${ours}length/`;

/** How many items each row of a column of sequences has. */
export const lengthId = (column: string): string => id('length', column);

/** The column of sequences whose lengths have this id; undefined of all other ids. */
export function columnOfLengths(name: string): string | undefined {
  return name.startsWith(lengthMark) ? decodeURIComponent(name.slice(lengthMark.length)) : undefined;
}

/** A sum over an epoch; training's are kept apart from validation's. `of` says of what, such as a metric and its sum. */
export const sumId = (part: 'train' | 'validation', ...of: readonly string[]): string => id(part, ...of);

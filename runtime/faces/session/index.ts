/** `millrace/session`: graphs by hand: variables, placeholders, fetches and feeds. */
export { getSession, setSession } from './default-session.ts';
export * from './graph/index.ts';
export { RunMetadata } from './metadata.ts';
export type { RunOptions, SessionOptions, SessionStats } from './session.ts';
export { Session } from './session.ts';
export type { Feeds, FeedValue, Fetched, Fetches } from './types.ts';

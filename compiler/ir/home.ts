/** Where Millrace itself lies: the folder of its rooms, as sources or as what is built. */

const { url } = import.meta;

/**
 * As a URL. What is built is put together in files that lie as deep as this one does (`scripts/bundle.mjs`). Undefined in a
 * user's bundle of CommonJS, which does not know where it lies.
 */
export const home: string | undefined = url ? new URL('../../', url).href : undefined;

/** Threads run what is built: Node itself does not read TypeScript. */
export function builtFile(path: string): URL {
  return new URL(url.endsWith('.ts') ? `dist/${path}` : path, home);
}

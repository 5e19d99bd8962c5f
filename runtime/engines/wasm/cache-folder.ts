/** Where emitted modules are kept. */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What `MILLRACE_CACHE` says to keep nothing. */
const off = 'off';

/**
 * The folder that is given; else the one that the environment's `MILLRACE_CACHE` names; else `.cache/millrace` in the
 * nearest `node_modules` above the working directory. Nothing where there is none, or where `false` or `off` is given.
 */
export function cacheFolder(given: string | false | undefined): string | undefined {
  if (given !== undefined) return given === false ? undefined : given;
  const named = process.env.MILLRACE_CACHE;
  if (named) return named === off ? undefined : named;
  const nearest = nodeModules();
  return nearest && join(nearest, '.cache', 'millrace');
}

function nodeModules(): string | undefined {
  try {
    for (let folder = process.cwd(); ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules');
      if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) return candidate;
      if (folder === dirname(folder)) return undefined;
    }
  } catch {
    // The working directory is gone, or a folder above it is closed to us.
    return undefined;
  }
}

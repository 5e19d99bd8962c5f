/** Files that travel with the package beside its code. */
import { existsSync } from 'node:fs';

/** The root of the package lies one folder above this file in the sources, and two in what is built. */
export function packageFile(path: string): URL {
  const root = ['../', '../../'].find((above) =>
    existsSync(new URL(`${above}package.json`, import.meta.url)),
  );
  if (root === undefined) throw new Error('internal: the package file is not where it should be');
  return new URL(root + path, import.meta.url);
}

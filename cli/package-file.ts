/** Files that travel with the package beside its code. */
import { existsSync } from 'node:fs';
import { home } from '../compiler/ir/home.ts';

/** The root of the package is where the rooms of the sources lie, and a folder above those of what is built. */
export function packageFile(path: string): URL {
  const root = ['./', '../'].find((above) => existsSync(new URL(`${above}package.json`, home)));
  if (root === undefined) throw new Error('internal: the package file is not where it should be');
  return new URL(root + path, home);
}

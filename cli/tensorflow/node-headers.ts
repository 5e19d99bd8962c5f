/** The headers of Node's native interface: those beside this Node, or those that are published as a package. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fetchPackage } from './fetch-package.ts';

const published = 'node-api-headers@1.9.0';

/** A folder to include from. */
export async function nodeHeaders(scratch: string): Promise<string> {
  const { nodedir = process.env.npm_config_nodedir } = process.env;
  const home = homedir();
  const places = [
    join(dirname(process.execPath), '..', 'include', 'node'),
    ...(nodedir ? [join(nodedir, 'include', 'node')] : []),
    join(home, '.cache', 'node-gyp', process.versions.node, 'include', 'node'),
    join(home, 'Library', 'Caches', 'node-gyp', process.versions.node, 'include', 'node'),
  ];
  const near = places.find((place) => existsSync(join(place, 'node_api.h')));
  return near ?? join(await fetchPackage(published, scratch, 'node-api-headers'), 'include');
}

/** Brings dist/ up to date: builds only when a source is newer than what was built last. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, '.stamp');
const lock = join(root, 'node_modules/.millrace-build');
const rooms = ['dsl', 'compiler', 'stdlib', 'runtime', 'laws', 'cli'];
const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/bundle.mjs'];

function filesUnder(folder, endings) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path, endings);
    return endings.includes(extname(entry.name)) ? [path] : [];
  });
}

/** Changes whenever a file that the build reads comes, goes or is written. */
function fingerprint() {
  const hash = createHash('sha256');
  const sources = rooms.flatMap((room) => filesUnder(join(root, room), ['.ts', '.mjs']));
  for (const path of [...sources, ...settings.map((file) => join(root, file))].sort()) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${relative(root, path)} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function isFresh(print) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === print;
}

/** Whether dist/ is what the sources are now. */
export const isBuilt = () => isFresh(fingerprint());

/** Declarations of a source that is gone would otherwise be published. */
function removeOrphans() {
  for (const room of rooms) {
    for (const path of filesUnder(join(dist, room), ['.ts', '.mts'])) {
      const source = join(root, relative(dist, path));
      if (['.ts', '.mjs'].some((ending) => existsSync(source.replace(/\.d\.m?ts$/, ending)))) continue;
      rmSync(path, { force: true });
    }
  }
}

/** One build at a time; a lock that a killed build left behind is broken after a while. */
function locked(body) {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += 50) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (waited > 60_000) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(pause, 0, 0, 50);
    }
  }
  try {
    return body();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** True when dist/ is up to date. Silent when all is well; the compiler's words on standard error when not. */
export function freshBuild() {
  if (isFresh(fingerprint())) return true;
  return locked(() => {
    const print = fingerprint();
    if (isFresh(print)) return true;
    // The compiler knows what it wrote, not whether it still lies there.
    if (!existsSync(stamp)) rmSync(join(dist, '.tsbuildinfo'), { force: true });
    // Declarations, and what is wrong with types; then the JavaScript.
    for (const args of [
      [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
      [join(root, 'scripts/bundle.mjs')],
    ]) {
      const built = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
      if (built.status === 0) continue;
      rmSync(stamp, { force: true });
      process.stderr.write(`${built.stdout ?? ''}${built.stderr ?? ''}${built.error?.message ?? ''}`);
      return false;
    }
    removeOrphans();
    writeFileSync(stamp, print);
    return true;
  });
}

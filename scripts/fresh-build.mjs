/** Brings dist/ up to date: runs the compiler only when a source is newer than what was built last. */
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
const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'];

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

/** What was built from a source that is gone would otherwise be published. */
function removeOrphans() {
  for (const room of rooms) {
    for (const path of filesUnder(join(dist, room), ['.js', '.mjs'])) {
      const source = join(root, relative(dist, path)).replace(/\.js$/, '.ts');
      if (existsSync(source)) continue;
      rmSync(path, { force: true });
      rmSync(path.replace(/\.(m?)js$/, '.d.$1ts'), { force: true });
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
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const built = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (built.status !== 0) {
      rmSync(stamp, { force: true });
      process.stderr.write(`${built.stdout ?? ''}${built.stderr ?? ''}${built.error?.message ?? ''}`);
      return false;
    }
    removeOrphans();
    writeFileSync(stamp, print);
    return true;
  });
}

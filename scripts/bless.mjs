/** `npm run bless [-- PATH…]`: writes generated files and recorded results as they are now, and says what changed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const recorded = process.argv.length > 2 ? process.argv.slice(2) : ['specs/golden', 'specs/diagnostics'];

function run(file, args, options = {}) {
  return spawnSync(file, args, { cwd: root, encoding: 'utf8', ...options });
}

/** Each file that differs from the last commit, with its state. */
function changes() {
  const { stdout } = run('git', ['status', '--porcelain', '--untracked-files=all']);
  const hash = (path) => run('git', ['hash-object', path]).stdout.trim();
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(3), `${line.slice(0, 2)} ${hash(line.slice(3))}`]));
}

const before = changes();
const generated = run(process.execPath, [join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });
const specs = run(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...recorded, '--update', '--reporter=dot'],
  { stdio: 'inherit', env: { ...process.env, BLESS: '1' } },
);

const blessed = [...changes()].filter(([path, state]) => before.get(path) !== state);
console.log(blessed.length === 0 ? 'nothing changed' : 'changed:');
for (const [path, state] of blessed) console.log(`  ${state.slice(0, 2)} ${path}`);
process.exitCode = generated.status || specs.status || 0;

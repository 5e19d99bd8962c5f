/** `npm run laws -- erf`: the laws alone, of what the word names, with many more runs; no word means all. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const args = process.argv.slice(2);
const words = args.filter((word) => !word.startsWith('-'));
const flags = args.filter((word) => word.startsWith('-'));
const named = words.length === 0 ? [] : ['-t', `(^|\\W)(${words.join('|')})(\\W|$)`];
const wanted = {
  MILLRACE_RUNS: process.env.MILLRACE_RUNS ?? '20',
  ...(words.length > 0 && { MILLRACE_PART: '1' }),
};
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'specs/laws', ...named, ...flags],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...wanted } },
);
process.exitCode = status ?? 1;

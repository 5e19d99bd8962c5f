/** `millrace check` on the iris example, and what each program pays before it begins: a new process each time. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { atMost } from '../target.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

function cold(args) {
  return async () => ({
    sample: async () => {
      const start = performance.now();
      const { status } = spawnSync(process.execPath, args, { cwd: root });
      return { microseconds: (performance.now() - start) * 1000, result: status === 0 ? 0 : Number.NaN };
    },
  });
}

const imports = (id, name) => ({
  id,
  name: `import '${name}'`,
  open: cold(['--input-type=module', '-e', `import '${name}'`]),
});

export const checkCold = {
  name: 'check',
  title: 'check of the iris example, and imports, cold',
  targets: (time) => [atMost('≤ 3 s', time('ours') / 1e6, 3, ' s')],
  repeats: 5,
  contestants: async () => [
    {
      id: 'ours',
      name: 'millrace check examples/iris.ts',
      open: cold(['dist/cli/main.js', 'check', 'examples/iris.ts']),
    },
    imports('language', 'millrace'),
    imports('runtime', 'millrace/runtime'),
    { id: 'node', name: 'node, doing nothing', open: cold(['-e', '0']) },
  ],
};

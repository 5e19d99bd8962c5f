/** The verbs around TensorFlow: what is found, what is missing, and how it is told. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindingIn, findBinding, setupHome } from '../../runtime/engines/tensorflow/find-binding.ts';
import type { Answer } from '../cli/millrace.ts';
import { build, millrace } from '../cli/millrace.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-setup-'));
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
beforeAll(build);
afterAll(() => rmSync(folder, { recursive: true }));

/** The command line with a folder of its own for TensorFlow, and other settings of the environment. */
function withHome(home: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Answer {
  const env = { ...process.env, NO_COLOR: '1', MILLRACE_TENSORFLOW: home, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A folder in which a binding stands that no system loads. */
function spoilt(): string {
  const home = mkdtempSync(join(folder, 'spoilt-'));
  mkdirSync(join(home, 'lib/napi-v8'), { recursive: true });
  writeFileSync(join(home, 'lib/napi-v8/tfjs_binding.node'), 'nothing of the kind');
  return home;
}

test('the doctor tells what is there and what is not, also as JSON', () => {
  const plain = withHome(join(folder, 'empty'), ['doctor']);
  expect(plain.status).toBe(0);
  expect(plain.stdout).toMatch(/✓ Node +v\d+/);
  expect(plain.stdout).toMatch(/✗ TensorFlow +none; millrace setup tensorflow puts it in .*empty/);
  const lines = withHome(join(folder, 'empty'), ['doctor', '--json']).stdout.trim().split('\n');
  const findings = lines.map((line) => JSON.parse(line) as { name: string; found: boolean; detail: string });
  expect(findings.map(({ name }) => name)).toEqual([
    'Node',
    'WebAssembly SIMD',
    'WebAssembly relaxed SIMD',
    'WebAssembly threads',
    'TensorFlow',
  ]);
  expect(findings.at(-1)!.found).toBe(false);
});

test('a binding that does not load is found out, and said to be so', () => {
  expect(withHome(spoilt(), ['doctor']).stdout).toMatch(/✗ TensorFlow .* does not load: /);
});

test('setup without the tools says what is missing, and leaves nothing behind', () => {
  const home = join(folder, 'bare', 'tensorflow');
  const ran = withHome(home, ['setup', 'tensorflow'], { PATH: '/nowhere', CXX: '' });
  expect(ran.status).toBe(1);
  expect(ran.stderr).toContain('ENG606: TensorFlow cannot be set up: there is no C++ compiler');
  expect(bindingIn(home)).toBeUndefined();
  expect(bindingIn(`${home}.new`)).toBeUndefined();
});

test('usage', () => {
  for (const [args, message] of [
    [['setup'], 'no ENGINE is given'],
    [['setup', 'wasm'], 'setup knows tensorflow, not wasm'],
    [['doctor', 'x.ts'], 'nothing is expected but flags, not x.ts'],
    [['export', 'x.ts', '--model', 'm'], '--out DIR is missing'],
  ] as const) {
    const { status, stderr } = millrace(folder, args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  }
  expect(millrace(folder, ['setup', '--help']).stdout).toMatch(
    /^millrace setup ENGINE \n|^millrace setup ENGINE\n/,
  );
});

test('a folder that the environment names is the only one that is looked into', () => {
  const before = process.env.MILLRACE_TENSORFLOW;
  try {
    process.env.MILLRACE_TENSORFLOW = join(folder, 'empty');
    expect(findBinding()).toBeUndefined();
    expect(setupHome()).toBe(join(folder, 'empty'));
    const home = spoilt();
    process.env.MILLRACE_TENSORFLOW = home;
    expect(findBinding()).toMatchObject({ home, source: 'MILLRACE_TENSORFLOW' });
    delete process.env.MILLRACE_TENSORFLOW;
    mkdirSync(join(folder, 'project/node_modules'), { recursive: true });
    mkdirSync(join(folder, 'project/deep'));
    expect(setupHome(join(folder, 'project/deep'))).toBe(
      join(folder, 'project/node_modules/.cache/millrace/tensorflow'),
    );
  } finally {
    if (before === undefined) delete process.env.MILLRACE_TENSORFLOW;
    else process.env.MILLRACE_TENSORFLOW = before;
  }
});

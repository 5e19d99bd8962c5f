/** Code that only the run may run: what it changes is a value of the run, whichever way the code is reached. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import * as millrace from '../../stdlib/index.ts';
import { withFiles } from './with-files.ts';

/** Ways to change `layers`, or not: each stands in a function of its own, in which `env` is known only to the run. */
const changing: Readonly<Record<string, string>> = {
  'right side of &&': `env && layers.push(8);`,
  'right side of ||': `env || layers.push(8);`,
  'right side of ??': `env ?? layers.push(8);`,
  'right side of &&=': `let x: unknown = env; x &&= layers.push(8); x ||= 3;`,
  'branch of ?:': `env ? layers.push(8) : undefined;`,
  'other branch of ?:': `env ? undefined : (layers[1] = 8);`,
  'optional call on the host': `host?.call(layers.push(8));`,
  'method of an object': `const builder = { hidden(n: number) { layers.push(n); return builder; } }; if (env) builder.hidden(8);`,
  'chain of methods': `const builder = { hidden(n: number) { layers.push(n); return builder; }, none() { return builder; } }; if (env) builder.none().none().hidden(8);`,
  'method by this': `const builder = { sizes: layers, hidden(n: number) { this.sizes.push(n); } }; if (env) builder.hidden(8);`,
  'method out of a list': `const builders = [{ hidden: (n: number) => layers.push(n) }]; if (env) for (const b of builders) b.hidden(8);`,
  'method in a callback': `const builders = [{ hidden: (n: number) => layers.push(n) }]; if (env) builders.forEach((b) => b.hidden(8));`,
  'callback of a list': `if (env) [32, 16].forEach(() => layers.push(8));`,
  'callback of the host': `host.forEach(() => layers.push(8));`,
  'named callback of the host': `const more = () => { layers.push(8); }; host.forEach(more);`,
  'callback inside options of the host': `host.start({ on: { done: () => layers.push(8) } });`,
  'callback given to new': `new host.Machine(() => layers.push(8));`,
  'callback kept by the host': `host.onmessage = () => layers.push(8);`,
  'async function': `async function setUp() { await host; layers.push(8); } await setUp();`,
  'argument of an async function': `async function fill(list: number[]) { list.push(8); } await fill(layers);`,
  generator: `function* fill(n: number) { layers.push(8); yield n; } for (const i of fill(3)) host.log(i);`,
  class: `class Registry { add(n: number) { layers.push(n); } } const registry = new Registry(); registry.add(8);`,
  'try block': `const builder = { hidden(n: number) { layers.push(n); } }; try { builder.hidden(8); } catch {}`,
  'unknown number of arguments': `const build = (...n: number[]) => { layers.push(...n); }; build(...host);`,
  'unknown elements pushed': `layers.push(...host);`,
  'another name': `if (env) { const l = layers; l.push(8); }`,
  'a name taken out': `const all = { layers }; if (env) { const { layers: l } = all; l.length = 0; }`,
  'assigned by a pattern': `if (env) [layers[0], layers[1]] = [8, 9];`,
  'deleted element': `if (env) delete layers[0];`,
  'Object.assign': `if (env) Object.assign(layers, [8]);`,
  'element at an unknown index': `layers[host.index] = 8;`,
  'unknown length': `layers.length = host.length;`,
  'sorted by the run': `layers.push(2); layers.sort((a, b) => a * host.x - b);`,
  'rest after a return': `(() => { if (env) return; layers.push(8); })();`,
  'rest after a break': `for (const i of [1, 2]) { if (env) break; layers.push(i); }`,
  'rest after a continue': `for (const i of [1, 2]) { if (env) continue; layers.push(i); }`,
  'turns after a break': `for (const i of [1, 2]) { if (i > 1) layers.push(i); if (env) break; }`,
  'rest after a labelled break': `out: for (const i of [1, 2]) { for (const j of [1]) { if (env) break out; } layers.push(i); }`,
  'break out of a switch': `switch (layers.length) { case 1: if (env) break; layers.push(2); }`,
  'continue inside a switch': `for (const i of [1, 2]) { switch (i) { default: if (env) continue; } layers.push(2); }`,
  'switch on the host': `switch (env) { case 'a': layers.push(8); }`,
  'loop without end': `for (;;) layers.push(8);`,
};

/** The same without any change, or of something else. */
const harmless: Readonly<Record<string, string>> = {
  'only read': `if (env) host.log(layers.length, layers.map((n) => n + 1));`,
  'something else changed': `const seen: unknown[] = []; host.forEach((x: unknown) => seen.push(x, layers)); host.log(seen);`,
  'own variables': `if (env) { const copy = [...layers]; copy.push(8); layers.slice().push(8); for (const n of copy) { if (n > 1) break; } }`,
  'a callback that returns': `host.forEach((n: number) => { if (n > 1) return; host.log(layers); });`,
  'a throw': `if (env) throw new Error('no');`,
  'a label of its own': `label: for (const s of host) { for (const t of s) { if (t > 0) continue label; } }`,
  'sorting by values of the run': `host.log([0, 1].sort((a, b) => host[b] - host[a]), [1, 2].filter((x) => x > host));`,
  'for … in': `for (const k in { a: 1 }) host.log(k);`,
};

function program(bodies: Readonly<Record<string, string>>): string {
  const cases = Object.values(bodies).map(
    (body) =>
      `{ const layers = [1]; const env = process.env.X; const host: any = process.env; ${body}\ndense(layers.length); }`,
  );
  return `import { dense } from 'millrace';\n${cases.join('\n')}\nexport {};\n`;
}

/** The cases in whose last line something is told. */
function refused(bodies: Readonly<Record<string, string>>): string[] {
  const { diagnostics } = withFiles({ 'input.ts': program(bodies) }, (folder) =>
    readStatically(join(folder, 'input.ts'), { modules: { millrace } }),
  );
  const told = diagnostics.map(({ code, span }) => `${code} ${span.line}`);
  const names = Object.keys(bodies);
  const expected = names.map((_, i) => `SRC111 ${2 * i + 3}`);
  expect(told.filter((each) => !expected.includes(each))).toEqual([]);
  return names.filter((_, i) => told.includes(expected[i]!));
}

test('what code changes that may not run is a value of the run', () => {
  expect(refused(changing)).toEqual(Object.keys(changing));
});

test('what such code leaves alone stays known', () => {
  expect(refused(harmless)).toEqual([]);
});

test('numbers of the run in typed arrays are no NaN', () => {
  const text = `
import { arrays, float } from 'millrace';
const xs = new Float32Array(3);
for (let i = 0; i < 3; i++) xs[i] = Math.random();
export const filled = arrays({ x: float }, { x: xs });
export const mapped = arrays({ x: float }, { x: Float32Array.from({ length: 3 }, () => Math.random()) });
export const made = arrays({ x: float }, { x: new Float32Array([Math.random()]) });
export const known = arrays({ x: float }, { x: Float32Array.from({ length: 3 }, (_, i) => i) });
`;
  const { exports, diagnostics } = withFiles({ 'input.ts': text }, (folder) =>
    readStatically(join(folder, 'input.ts'), { modules: { millrace } }),
  );
  expect(diagnostics).toEqual([]);
  const told = [...exports].map(([name, value]) => [
    name,
    (value as { stage: { args: { columns: object } } }).stage.args.columns.constructor.name,
  ]);
  expect(told).toEqual([
    ['filled', 'HostReference'],
    ['mapped', 'HostReference'],
    ['made', 'HostReference'],
    ['known', 'Object'],
  ]);
});

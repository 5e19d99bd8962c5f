/** Each refusal of the static reader: a program with `// CODE` at the end of the lines that are refused, no others. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import { trace } from '../../compiler/1-read/reader/trace.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import * as millrace from '../../stdlib/index.ts';
import { withFiles } from './with-files.ts';

interface Told {
  readonly line: number;
  readonly code: string;
}

function read(files: Readonly<Record<string, string>>, entry = 'input.ts') {
  return withFiles(files, (folder) => readStatically(join(folder, entry), { modules: { millrace } }));
}

/** What the comments of a program say will be told. */
function announced(text: string): Told[] {
  return text.split('\n').flatMap((line, i) => {
    const codes = /\/\/ ((?:[A-Z]{3}\d{3} ?)+)$/.exec(line)?.[1]?.trim().split(' ') ?? [];
    return codes.map((code) => ({ line: i + 1, code }));
  });
}

function told(diagnostics: Iterable<Diagnostic>): Told[] {
  return [...diagnostics]
    .map(({ code, span }) => ({ line: span.line, code }))
    .sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1));
}

const samples: Readonly<Record<string, string>> = {
  'types: one error a cause, at its place': `
import { dense, float, csv } from 'millrace';
const rows = csv('./x.csv', { width: float });
export const wrong: number = 'text'; // SRC102
const settings = { units: 3 };
export const layer = dense(settings.unit); // SRC102
export const again = layer;
export const more = rows.shufle(); // SRC102
export const unknown = nothing + 1; // SRC102
`,
  'forms that are not covered': `
import { dense, sequential } from 'millrace';
const key: string = 'a';
const bag: Record<string, number> = { a: 1 };
export const tag = String.raw\`x\`; // SRC110
export const chars = [].constructor; // SRC110
export const proto = ({} as { __proto__?: object }).__proto__; // SRC110
export const get = { get x() { return 1; } }; // SRC110
for (const name in new Map([[key, bag]])) key.at(name.length); // SRC110
export const make = new (sequential as unknown as new () => object)(); // SRC110
export const bound = dense.bind(null); // SRC110
`,
  'values of the run where known ones are needed': `
import { arrays, csv, dense, float, from, rows } from 'millrace';
const units = Number(process.env.UNITS ?? 10);
export const layer = dense(units); // SRC111
export const wide = Array.from({ length: 3 }).map((_, i) => dense(units + i)); // SRC111
export const file = csv(process.env.FILE ?? 'x.csv', { x: float });
export const live = from({ x: float }, [{ x: units }]);
export const some = rows({ x: float }, [{ x: Math.random() }]);
export const column = arrays({ x: float }, { x: [units, 1] });
export const batches = file.batch(units); // SRC111
export const kept = dense([1, 2, 3].filter((x) => x > units).length); // SRC111
const sizes: number[] = [];
if (units > 3) sizes.push(3);
export const sized = dense(sizes.length); // SRC111
let chosen = 1;
if (units > 3) chosen = 2;
export const late = dense(chosen); // SRC111
function pick() {
  if (units > 3) return 1;
  return 2;
}
export const picked = dense(pick()); // SRC111
for (const x of [1, 2]) {
  if (units > x) break;
  chosen = x;
}
if (process.env.DEBUG) console.log('fine', units);
try {
  console.log(units);
} catch (error) {
  console.error(error);
}
`,
  'tensors are no plain values': `
import { add, float, param, where, less } from 'millrace';
const a = param([2]);
const b = param([2]);
export const product = a * b; // SRC115
export const sum = a + b; // SRC115
export const negative = -a; // SRC115
export const text = \`value \${a}\`; // SRC115
export const root = Math.sqrt(a as unknown as number); // SRC115
export const choice = less(a, b) ? a : b; // SRC112
export const fine = where(less(a, b), add(a, b), b);
const pick = (mask?: typeof a) => (mask ? a : b);
export const given = [pick(), pick(less(a, b) as unknown as typeof a)];
export const smaller = a < b ? 1 : 2; // SRC115
`,
  'programs that do not end': `
import { dense } from 'millrace';
let n = 0;
while (n >= 0) n++;
export const counted = dense(n); // SRC111
export const deep = (function down(k: number): number { return down(k + 1); })(0); // SRC113
export const huge = new Array(1e9).fill(0); // SRC113
export const long = 'ab'.repeat(1e9); // SRC113
export const hang = /^(a+)+$/.test('a'.repeat(40) + 'b'); // SRC113
export const torn = ('a'.repeat(40) + 'b').replace(/(a|aa)+$/g, (x) => x + x); // SRC113
let doubled = [1];
for (let i = 0; i < 40; i++) doubled = [...doubled, ...doubled];
export const flat = dense(Array.from({ length: 1e5 }, () => 1).flatMap((_, __, all) => all).length); // SRC111
export const twice = dense(doubled.length); // SRC111
export const sum = 1${' + 1'.repeat(5000)};
`,
  'programs that fail': `
const list: number[] = [];
export const sum = list.reduce((a, b) => a + b); // SRC114
export const parsed = JSON.parse('{'); // SRC114
const maybe = list[3] as unknown as { x: number };
export const missing = maybe.x; // SRC114
export const early = later; // SRC102
export const later = 3;
function check(units: number) {
  if (units < 1) throw new Error('units must be positive'); // SRC114
  return units;
}
export const checked = check(0);
export const frozen = Object.freeze({ a: 1 }) as { a: number };
frozen.a = 2; // SRC114
const notCallable = 3 as unknown as () => void;
notCallable(); // SRC114
`,
};

for (const [name, text] of Object.entries(samples)) {
  test(name, () => {
    const { diagnostics } = read({ 'input.ts': text });
    expect(told(diagnostics)).toEqual(announced(text));
    for (const diagnostic of diagnostics) {
      const line = text.split('\n')[diagnostic.span.line - 1]!;
      expect(diagnostic.span.column).toBeGreaterThan(0);
      expect(diagnostic.span.endColumn).toBeLessThanOrEqual(line.length + 1);
      expect(diagnostic.message).not.toMatch(/\.$/);
    }
  });
}

test('a file that is not TypeScript', () => {
  const { diagnostics, pipelines } = read({ 'input.ts': 'export const x = = 3;\n' });
  expect(told(diagnostics)).toEqual([{ line: 1, code: 'SRC101' }]);
  expect(pipelines.size).toBe(0);
});

test('files that are not there', () => {
  expect(told(read({}).diagnostics)).toEqual([{ line: 1, code: 'SRC103' }]);
  const text = "import { x } from './gone.ts'; // SRC103\nexport const y = x + 1;\n";
  expect(told(read({ 'input.ts': text }).diagnostics)).toEqual(announced(text));
});

test('a package without types is only remarked on', () => {
  const text = "import { tap } from 'no-such-package'; // SRC104\nexport const x = tap((y) => y);\n";
  const { diagnostics } = read({ 'input.ts': text });
  expect(told(diagnostics)).toEqual(announced(text));
  expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
});

test('errors inside a model are told at their place, once, with the calls that led there', () => {
  const text = `
import { csv, float, pipeline, relu, sgd, stack } from 'millrace';
import { double } from './layers.ts';
const rows = csv('./x.csv', { width: float, height: float });
export const p = pipeline({
  data: rows.batch(4),
  model: ({ width, heigth }) => relu(stack([width, heigth])), // SRC102
  loss: (y, { width }) => double(y, width),
  optimizer: sgd(),
});
export const q = pipeline({
  data: rows.batch(4),
  model: ({ width }) => width,
  loss: (y, { width }) => double(y, width),
  optimizer: sgd(),
});
`;
  const layers = `
import { add, type Tensor } from 'millrace';
export function double(x: Tensor, y: Tensor) {
  const limit = Number(process.env.LIMIT);
  return add(x, [limit, y][0] as Tensor);
}
`;
  const { diagnostics, pipelines, sources } = read({ 'input.ts': text, 'layers.ts': layers });
  expect(told(diagnostics)).toEqual(announced(text));
  expect([...sources.values()].sort()).toEqual([layers, text].sort());
  // The model's error is the one that TypeScript reports, not a second one.
  expect(trace(pipelines.get('p')!, 'p').diagnostics).toEqual(diagnostics);
  const [inside] = trace(pipelines.get('q')!, 'q').diagnostics;
  expect(inside).toMatchObject({ code: 'SRC111', span: { line: 5, via: [{ line: 14 }] } });
});

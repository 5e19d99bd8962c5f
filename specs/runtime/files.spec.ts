/** Files that are read while training: any cut, any ending, any place to go on from, and the rows are those that were written. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { category, float, int } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { csv } from '../../dsl/dataset.ts';
import { directory, jsonLines, tail } from '../../dsl/files.ts';
import { bytesOf } from '../../runtime/data/files/bytes.ts';
import { expressionOf } from '../../runtime/data/files/files-in.ts';
import { LineCutter } from '../../runtime/data/files/line-cutter.ts';
import { announceSkipped } from '../support/announce-skipped.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { readRows } from '../support/rows-of.ts';
import { tally } from '../support/tally.ts';

const count = tally('files', { cuts: 300, resumes: 200, tails: 40, patterns: 200 });

const folder = mkdtempSync(join(tmpdir(), 'millrace-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const pathOf = (ending: string): string => join(folder, `${made++}.${ending}`);

async function readAll(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const read: Buffer[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}

const upTo = (size: number): number[] => Array.from({ length: size }, (_, i) => i);
const schema = { x: int };

test('lines are what split gives, however the bytes are cut, and begin again at any offset', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '🙂', '\n', '\r\n', '"'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(160), { maxLength: 8 }), fc.nat(40), (text, cuts, resumeAt) => {
      const bytes = Buffer.from(text);
      const lines = (cutter: LineCutter, from: number): { text: string; end: number; number: number }[] => {
        const places = [...cuts.filter((cut) => cut > from && cut < bytes.length), bytes.length].sort(
          (a, b) => a - b,
        );
        const found = [];
        let at = from;
        for (const place of places) {
          found.push(...cutter.cut(bytes.subarray(at, place)));
          at = place;
        }
        const last = cutter.last();
        return last ? [...found, last] : found;
      };
      const all = lines(new LineCutter(), 0);
      expect(all.map((line) => line.text).join('')).toBe(text);
      expect(all.map((line) => line.text.replace(/\n$/, ''))).toEqual(
        text === '' ? [] : text.replace(/\n$/, '').split('\n'),
      );
      const begun = all[resumeAt % Math.max(1, all.length)];
      if (begun) {
        const rest = lines(new LineCutter(begun.end, begun.number + 1), begun.end);
        expect(rest).toEqual(all.slice(begun.number));
      }
      count('cuts');
    }),
    { numRuns: runs(300) },
  );
});

/** A dataset of the numbers from 0, in a file of this kind. */
const kinds: Readonly<Record<string, (values: readonly number[]) => Dataset>> = {
  jsonLines(values) {
    const path = pathOf('jsonl');
    writeFileSync(path, values.map((x) => `${JSON.stringify({ x, note: '🙂'.repeat(x % 5) })}\n`).join(''));
    return jsonLines(path, schema);
  },
  'jsonLines, without a last line end, with blank lines and a mark of the byte order'(values) {
    const path = pathOf('jsonl');
    writeFileSync(path, `\uFEFF${values.map((x) => `{"x": ${x}}`).join('\r\n\r\n')}`);
    return jsonLines(path, schema);
  },
  'jsonLines, gzip'(values) {
    const path = pathOf('jsonl.gz');
    writeFileSync(path, zlib.gzipSync(values.map((x) => `{"x": ${x}}\n`).join('')));
    return jsonLines(path, schema);
  },
  'jsonLines, several files'(values) {
    const half = values.length >> 1;
    const parts = [values.slice(0, half), [], values.slice(half)].map((part) => {
      const path = pathOf('jsonl');
      writeFileSync(path, part.map((x) => `{"x": ${x}}\n`).join(''));
      return path;
    });
    return jsonLines(parts, schema);
  },
  csv: (values) => streamed(values.map((x) => `"a ""note""\nof two lines",${x}\r\n`)),
  'csv, carriage returns': (values) =>
    streamed(
      values.map((x) => `note,${x}\r`),
      '\r',
    ),
  'csv, line ends of all kinds': (values) =>
    streamed(values.map((x) => `"n\ro\nte",${x}${['\r', '\n', '\r\n', '\n\n'][x % 4]}`)),
  'csv, gzip'(values) {
    const path = pathOf('csv.gz');
    writeFileSync(path, zlib.gzipSync(`x\n${values.join('\n')}\n`));
    return csv(path, schema, { stream: true });
  },
  'csv, without a header'(values) {
    const path = pathOf('csv');
    writeFileSync(path, values.map((x) => `${x}\n`).join(''));
    return csv(path, schema, { stream: true, header: false });
  },
  directory(values) {
    const path = pathOf('d');
    mkdirSync(join(path, 'inner.jsonl'), { recursive: true });
    const third = Math.ceil(values.length / 3);
    writeFileSync(join(path, 'c.csv'), `x\n${values.slice(2 * third).join('\n')}\n`);
    writeFileSync(
      join(path, 'a.ndjson'),
      values
        .slice(0, third)
        .map((x) => `{"x": ${x}}\n`)
        .join(''),
    );
    writeFileSync(
      join(path, 'b.tsv.gz'),
      zlib.gzipSync(
        `note\tx\n${values
          .slice(third, 2 * third)
          .map((x) => `,\t${x}\n`)
          .join('')}`,
      ),
    );
    writeFileSync(join(path, 'readme.txt'), 'no data');
    return directory(path, schema, { pattern: '?.{ndjson,csv,tsv.gz}' });
  },
};

function streamed(lines: readonly string[], lineEnd = '\n'): Dataset {
  const path = pathOf('csv');
  writeFileSync(path, `note,x${lineEnd}${lines.join('')}`);
  return csv(path, schema, { stream: true });
}

describe.each(Object.entries(kinds))('%s', (_, make) => {
  test('gives all rows, and goes on from any', async () => {
    for (const size of [0, 1, 40]) {
      const values = upTo(size);
      const dataset = make(values);
      expect((await readRows(dataset, 'x')).values).toEqual(values);
      for (const rows of upTo(size + 1)) {
        const { state } = await readRows(dataset, 'x', { rows });
        expect((await readRows(dataset, 'x', { from: state })).values).toEqual(values.slice(rows));
        count('resumes');
      }
    }
  });

  test('a file of many pieces is read whole, and gone on with far inside', async () => {
    const values = upTo(20_000);
    const dataset = make(values);
    const { state } = await readRows(dataset, 'x', { rows: 12_345 });
    expect((await readRows(dataset, 'x', { from: state })).values).toEqual(values.slice(12_345));
  });
});

test('what a streamed file gives is what the table of the same file holds', async () => {
  const wide = { a: float, b: category('u', 'v') };
  const path = pathOf('csv');
  writeFileSync(
    path,
    `b,a\n${upTo(500)
      .map((i) => `${'uv'[i % 2]},${i / 7}`)
      .join('\n')}`,
  );
  for (const name of ['a', 'b']) {
    const table = await readRows(csv(path, wide), name);
    expect((await readRows(csv(path, wide, { stream: true }), name)).values).toEqual(table.values);
  }
});

test('packed files are read into tables, too', async () => {
  const path = pathOf('csv.gz');
  writeFileSync(path, zlib.gzipSync('x\n1\n2\n'));
  expect((await readRows(csv(path, schema), 'x')).values).toEqual([1, 2]);
});

test('zstd is unpacked where Node can, and refused where it cannot', async () => {
  const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (text: string) => Buffer };
  const path = pathOf('jsonl.zst');
  writeFileSync(path, zstdCompressSync?.('{"x": 5}\n') ?? '');
  if (zstdCompressSync) expect((await readRows(jsonLines(path, schema), 'x')).values).toEqual([5]);
  else {
    announceSkipped('zstd', 'Node before 22.15 cannot unpack it; the refusal was looked at instead');
    expect(await refused(readRows(jsonLines(path, schema), 'x'))).toMatchObject([
      { code: 'DAT701', hint: expect.stringContaining('gzip') },
    ]);
  }
});

test.skipIf(process.platform === 'win32')(
  'nobody goes on waiting for a named pipe that nobody writes to',
  async () => {
    // As many as there are threads for files: one that waited on would keep all others from the disk.
    const waiting = upTo(4).map(async () => {
      const pipe = pathOf('csv');
      execFileSync('mkfifo', [pipe]);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      return readAll(bytesOf(pipe, 0, controller.signal));
    });
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(upTo(4).map(() => 'rejected'));
    expect(await readFile(import.meta.filename, 'utf8')).toContain('nobody goes on waiting');
  },
);

describe('refusals', () => {
  test('a line that is no object stands in its file', async () => {
    const path = pathOf('jsonl');
    writeFileSync(path, '{"x": 1}\n{"x": \n');
    expect(await refused(readRows(jsonLines(path, schema), 'x'))).toMatchObject([
      { code: 'DAT716', span: { file: path, line: 2 } },
    ]);
    writeFileSync(path, '{"x": 1}\n\n{"x": "one"}\n');
    expect(await refused(readRows(jsonLines(path, schema), 'x'))).toMatchObject([
      { code: 'DAT705', span: { file: path, line: 3 } },
    ]);
  });

  test('files that are not there, packed wrongly, or shorter than they were', async () => {
    expect(await refused(readRows(jsonLines(pathOf('jsonl'), schema), 'x'))).toMatchObject([
      { code: 'DAT701' },
    ]);
    const packed = pathOf('jsonl.gz');
    writeFileSync(packed, 'not packed');
    expect(await refused(readRows(jsonLines(packed, schema), 'x'))).toMatchObject([{ code: 'DAT701' }]);
    const path = pathOf('jsonl');
    writeFileSync(path, '{"x": 1}\n{"x": 2}\n');
    const { state } = await readRows(jsonLines(path, schema), 'x', { rows: 2 });
    truncateSync(path, 5);
    expect(await refused(readRows(jsonLines(path, schema), 'x', { from: state }))).toMatchObject([
      { code: 'DAT701', message: expect.stringContaining('shorter') },
    ]);
  });

  test('directories without a file that is meant, or with one that says nothing', async () => {
    const path = pathOf('d');
    mkdirSync(path);
    writeFileSync(join(path, 'notes.txt'), '');
    expect(await refused(readRows(directory(path, schema), 'x'))).toMatchObject([
      { code: 'DAT701', hint: expect.stringContaining('format') },
    ]);
    expect(await refused(readRows(directory(path, schema, { pattern: '*.csv' }), 'x'))).toMatchObject([
      { code: 'DAT701', received: 'notes.txt' },
    ]);
    expect(await refused(readRows(directory(join(path, 'none'), schema), 'x'))).toMatchObject([
      { code: 'DAT701' },
    ]);
  });
});

test('patterns of names mean what a shell means by them', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '.', '+', '(', '$'), maxLength: 6 });
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(expressionOf(a).test(b)).toBe(a === b);
      expect(expressionOf(`${a}*${b}`).test(c)).toBe(
        c.length >= a.length + b.length && c.startsWith(a) && c.endsWith(b),
      );
      expect(expressionOf(`{${a},${b}}`).test(c)).toBe(a === c || b === c);
      expect(expressionOf(`${a}?`).test(c)).toBe(c.startsWith(a) && c.length === a.length + 1);
      count('patterns');
    }),
    { numRuns: runs(200) },
  );
});

describe('tail', () => {
  const line = (x: number, format: string): string => (format === 'csv' ? `n,${x}\n` : `{"x": ${x}}\n`);
  const head = (format: string): string => (format === 'csv' ? 'note,x\n' : '');

  test('gives rows as they are written, whole lines only, and is left while it waits', async () => {
    const path = pathOf('jsonl');
    const dataset = tail(path, schema, { poll: 20 });
    const reading = readRows(dataset, 'x', { rows: 3 });
    await later(30);
    writeFileSync(path, '{"x": 1}\n{"x"');
    await later(60);
    appendFileSync(path, ': 2}\n');
    await later(60);
    appendFileSync(path, '{"x": 3}\n');
    expect((await reading).values).toEqual([1, 2, 3]);
  });

  test('loses and repeats nothing: written, rotated, copied and emptied, killed and resumed at random', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 30 }) }) },
      { weight: 1, arbitrary: fc.constant({ rotate: true } as const) },
      { weight: 3, arbitrary: fc.record({ read: fc.integer({ min: 1, max: 40 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 14 }),
        fc.constantFrom('jsonl' as const, 'csv' as const),
        async (steps, format) => {
          const path = pathOf('log');
          writeFileSync(path, head(format));
          const dataset = tail(path, schema, { format, poll: 5 });
          let written = 0;
          let rotations = 0;
          let state: unknown;
          const seen: number[] = [];
          const read = async (rows: number): Promise<void> => {
            const part = await readRows(dataset, 'x', {
              from: state,
              rows: Math.min(rows, written - seen.length),
            });
            state = part.state;
            seen.push(...part.values);
          };
          // A tail that begins anew begins with the file of that name.
          appendFileSync(path, line(written++, format));
          await read(1);
          for (const each of steps) {
            if ('write' in each) {
              for (let i = 0; i < each.write; i++) appendFileSync(path, line(written++, format));
            } else if ('read' in each) {
              await read(each.read);
            } else {
              // Clocks of file systems tick every few milliseconds.
              await later(15);
              renameSync(path, `${path}.${++rotations}`);
              writeFileSync(path, head(format));
            }
          }
          await read(Number.POSITIVE_INFINITY);
          expect(seen).toEqual(upTo(written));
          count('tails');
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test('goes on in the file that was emptied after it was copied', async () => {
    const path = pathOf('jsonl');
    writeFileSync(
      path,
      `${upTo(40)
        .map((x) => line(x, 'jsonl'))
        .join('')}`,
    );
    const { state } = await readRows(tail(path, schema), 'x', { rows: 30 });
    writeFileSync(
      `${path}.1`,
      `${upTo(40)
        .map((x) => line(x, 'jsonl'))
        .join('')}`,
    );
    await later(5);
    truncateSync(path, 0);
    appendFileSync(path, line(100, 'jsonl'));
    const rest = await readRows(tail(path, schema, { poll: 5 }), 'x', { from: state, rows: 11 });
    expect(rest.values).toEqual([...upTo(40).slice(30), 100]);
  });

  test('is refused when the file in which it was is gone', async () => {
    const path = pathOf('jsonl');
    writeFileSync(path, line(1, 'jsonl').repeat(3));
    const { state } = await readRows(tail(path, schema), 'x', { rows: 2 });
    writeFileSync(path, line(2, 'jsonl').repeat(5));
    expect(await refused(readRows(tail(path, schema), 'x', { from: state, rows: 1 }))).toMatchObject([
      { code: 'DAT701', message: expect.stringContaining('gone') },
    ]);
  });
});

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

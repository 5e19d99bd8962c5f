/** Bad rows written to a file of JSON lines, each once however often its source is read. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { topOf } from '../../../compiler/ir/span.ts';
import type { DeadLetter } from '../../../dsl/row-options.ts';
import { pathOf } from '../files/path-of.ts';
import { valueText } from '../value-text.ts';

export interface Letter {
  readonly place: string;
  readonly reason: string;
  readonly row: unknown;
}

/** Lines that stand in the file of a dead letter. All parts and epochs of a dataset share the description, and so this. */
const standing = new WeakMap<DeadLetter, Set<string>>();

/** Where a row may come again, a letter that stands in the file is not written a second time. */
export function writeDeadLetter(to: DeadLetter, letter: Letter, isRepeated: boolean): void {
  const path = pathOf(to.deadLetter, 'deadLetter');
  const line = lineOf(letter);
  try {
    if (isRepeated) {
      const lines = standing.get(to) ?? linesIn(path);
      standing.set(to, lines);
      if (lines.has(line)) return;
      lines.add(line);
    }
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    refuseBecause(
      DAT701({
        message: `bad rows cannot be written down: ${saying(error)}`,
        span: topOf(path),
        expected: 'a file that can be written',
        received: path,
      }),
      error,
    );
  }
}

function linesIn(path: string): Set<string> {
  return new Set(existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []);
}

function lineOf(letter: Letter): string {
  try {
    return JSON.stringify(letter, plain);
  } catch {
    // A row that refers to itself, or whose getter throws.
    return JSON.stringify({ ...letter, row: valueText(letter.row) });
  }
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return [...(value as Float32Array)];
  return value === undefined ? null : value;
}

/** JSON lines: an object a line, read from any byte offset. */
import { DAT716 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { RefusedRow } from '../intake/refused-row.ts';
import { bytesOf } from './bytes.ts';
import type { Line } from './line-cutter.ts';
import { LineCutter } from './line-cutter.ts';
import type { RowFormat } from './placed-row.ts';
import { PlacedRow } from './placed-row.ts';

/** Where a line begins. */
export interface LinePosition {
  readonly offset: number;
  readonly line: number;
}

export const fileStart: LinePosition = { offset: 0, line: 1 };

/** `member` names the property of each object that holds the row, where that is not the object itself. */
export function jsonLinesFormat(member: string | undefined): RowFormat<LinePosition> {
  return async function* (path, at) {
    const { offset, line } = at ?? fileStart;
    const cutter = new LineCutter(offset, line);
    for await (const piece of bytesOf(path, offset)) yield jsonRows(cutter.cut(piece), path, member);
    const last = cutter.last();
    if (last) yield jsonRows([last], path, member);
  };
}

/** Lines that are blank are passed over. */
export function* jsonRows(
  lines: Iterable<Line>,
  path: string,
  member: string | undefined,
): Generator<PlacedRow<LinePosition>> {
  for (const { text, end, number } of lines) {
    const trimmed = (number === 1 && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).trim();
    if (trimmed === '') continue;
    const row = jsonRow(trimmed, member) ?? malformed(trimmed, path, number);
    yield new PlacedRow(row, path, number, { offset: end, line: number + 1 });
  }
}

/** Undefined for a text that is no JSON object, or has no object as the member. */
export function jsonRow(text: string, member: string | undefined): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (member === undefined) return value;
  const inner = (value as Readonly<Record<string, unknown>>)[member];
  return isObject(inner) ? inner : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(text: string, file: string, line: number): RefusedRow {
  return new RefusedRow(
    text,
    new DiagnosticError([
      DAT716({
        message: 'the line is not a JSON object',
        span: { file, line, column: 1, endLine: line, endColumn: text.length + 1 },
        expected: '{"column": value, …}, one row a line',
        received: text.slice(0, 100),
      }),
    ]),
  );
}

/** The lines of a file that a diagnostic speaks of, with marks below the places. */
import type { Span } from '../ir/span.ts';
import { displayWidth, expandTabs } from './display-width.ts';
import type { Paint } from './paint.ts';

export interface Mark {
  readonly span: Span;
  readonly text: string;
  readonly isPrimary: boolean;
}

/** How many lines of one place are shown before the middle is left out. */
const longest = 6;

/** How much of one line is shown, in characters; data files may have lines of any length. */
const widest = 400;
/** How much of a longer line is shown before its first mark. */
const before = 60;

/** `width` is the width of the line numbers' column. */
export function codeFrame(
  lines: readonly string[],
  marks: readonly Mark[],
  width: number,
  paint: Paint,
): string[] {
  const bar = paint.frame('│');
  const shown: string[] = [];
  for (const number of linesOf(marks)) {
    const whole = lines[number - 1];
    if (whole === undefined) continue;
    const there = marks.filter(({ span }) => span.line <= number && number <= span.endLine);
    const { line, marks: here } =
      whole.length > widest ? clipped(whole, number, there) : { line: whole, marks: there };
    shown.push(`${paint.frame(String(number).padEnd(width))}${bar} ${expandTabs(line)}`.trimEnd());
    // On one line the last place comes first: it sits closest to the code, as in a rising stair.
    for (const mark of [...here].sort((a, b) => b.span.column - a.span.column)) {
      const row = markRow(line, number, mark, paint);
      if (row !== undefined) shown.push(`${paint.frame(' '.repeat(width))}${bar} ${row}`);
    }
  }
  return shown;
}

/** The part of a long line around its first mark, and the marks as they stand in it. */
function clipped(whole: string, number: number, marks: readonly Mark[]): { line: string; marks: Mark[] } {
  const columns = marks.map(({ span }) => (span.line === number ? span.column : 1));
  const from = Math.max(0, Math.min(...columns) - 1 - before);
  const start = from > 0 ? '…' : '';
  const part = whole.slice(from, from + widest);
  const line = `${start}${part}${from + widest < whole.length ? '…' : ''}`;
  const shifted = (column: number): number => Math.min(column - from + start.length, line.length + 1);
  return {
    line,
    marks: marks.map((mark) => {
      const { span } = mark;
      const column = span.line === number ? shifted(span.column) : span.column;
      const endColumn = span.endLine === number ? shifted(span.endColumn) : span.endColumn;
      return { ...mark, span: { ...span, column, endColumn } };
    }),
  };
}

function linesOf(marks: readonly Mark[]): number[] {
  const numbers = new Set<number>();
  for (const { span } of marks) {
    const isLong = span.endLine - span.line + 1 > longest;
    for (let line = span.line; line <= span.endLine; line++) {
      if (!isLong || line < span.line + 2 || line > span.endLine - 2) numbers.add(line);
    }
  }
  return [...numbers].sort((a, b) => a - b);
}

/** The marks below one line: from the place's start or the first word, to the place's end or the line's. */
function markRow(
  line: string,
  number: number,
  { span, text, isPrimary }: Mark,
  paint: Paint,
): string | undefined {
  const indent = line.length - line.trimStart().length;
  const from = number === span.line ? span.column - 1 : indent;
  const to = number === span.endLine ? endOf(line, span) : line.trimEnd().length;
  const isLast = number === span.endLine;
  if (to <= from && !(isLast && span.line === span.endLine)) return undefined;
  const before = ' '.repeat(displayWidth(expandTabs(line.slice(0, from))));
  const length = Math.max(1, displayWidth(expandTabs(line.slice(from, to))));
  const marked = (isPrimary ? '^' : '-').repeat(length);
  const remark = isLast && text !== '' ? `${marked} ${text}` : marked;
  return before + (isPrimary ? paint.primary(remark) : paint.secondary(remark));
}

/** Stacks know where a call begins, not where it ends: a place of one column at the start of a word covers the word. */
function endOf(line: string, { line: first, column, endLine, endColumn }: Span): number {
  if (first !== endLine || endColumn !== column + 1) return endColumn - 1;
  const word = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(line.slice(column - 1))?.[0];
  return column - 1 + (word?.length ?? 1);
}

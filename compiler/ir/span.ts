/** Spans, as the compiler uses them. */
import type { Span } from '../../dsl/span.ts';

export type { Span };

/** Of things that stand in no source: graphs read from text without spans, generated graphs. */
export const nowhere: Span = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };

export function spanText(span: Span): string {
  return span.file === '' ? '' : `${span.file}:${span.line}:${span.column}`;
}

/** The first character of a file, for what concerns the file as a whole. */
export function topOf(file: string): Span {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** The first characters of something many lines long: enough to find it by. */
export function beginningOf({ file, line, column }: Span, length = 1): Span {
  return { file, line, column, endLine: line, endColumn: column + length };
}

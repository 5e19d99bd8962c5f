/** Spans, as the compiler uses them. */
import type { Span } from '../../dsl/span.ts';

export type { Span };

/** Of things that stand in no source: graphs read from text without spans, generated graphs. */
export const nowhere: Span = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };

export function spanText(span: Span): string {
  return span.file === '' ? '' : `${span.file}:${span.line}:${span.column}`;
}

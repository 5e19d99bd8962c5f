/** Where something stands in the user's source; every node and diagnostic carries one. */

/** Lines and columns count from 1; the end is exclusive. `via` holds the calls that led here, innermost first. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly via?: readonly Span[];
}

/** Of things that stand in no source: graphs read from text without spans, generated graphs. */
export const nowhere: Span = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };

export function spanText(span: Span): string {
  return span.file === '' ? '' : `${span.file}:${span.line}:${span.column}`;
}

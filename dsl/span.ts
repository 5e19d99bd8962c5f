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

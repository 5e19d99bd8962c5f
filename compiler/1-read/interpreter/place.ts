/** Where a piece of syntax stands: the span of a TypeScript node. */
import type { ts } from 'ts-morph';
import type { Span } from '../../ir/span.ts';

export function spanOf(node: ts.Node): Span {
  const file = node.getSourceFile();
  return spanBetween(file, node.getStart(file), node.getEnd());
}

/** The span from one position of a file to another, both counted in UTF-16 units from 0. */
export function spanBetween(file: ts.SourceFile, from: number, to: number): Span {
  const start = file.getLineAndCharacterOfPosition(from);
  const end = file.getLineAndCharacterOfPosition(to);
  return {
    file: file.fileName,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** The text of a node on one line, shortened, for messages. */
export function textOf(node: ts.Node, limit = 48): string {
  const text = node.getText().replace(/\s+/g, ' ');
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

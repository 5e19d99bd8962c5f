/** Whether data have the columns that a model looks at, as it knows them. */
import { DAT702, DAT705 } from '../../compiler/diagnostics/data.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Column, Schema } from '../../dsl/column.ts';

/** Refuses, for each of the columns `needed`, that `given` lacks it or has it otherwise. */
export function checkColumns(given: Schema, model: Schema, needed: readonly string[]): void {
  const inOrder = Object.keys(model).filter((name) => needed.includes(name));
  const problems = inOrder.flatMap((name): Diagnostic[] => {
    const expected = columnText(model[name]!);
    const column = given[name];
    if (!column) {
      const received = Object.keys(given).join(', ');
      return [DAT702({ message: `the data have no column ${name}`, span: nowhere, expected, received })];
    }
    const received = columnText(column);
    if (received === expected) return [];
    const message = `column ${name} is not what the model was trained on`;
    return [DAT705({ message, span: nowhere, expected, received })];
  });
  if (problems.length > 0) throw new DiagnosticError(problems);
}

/** `category('a', 'b')`, `tensor([2, 3])`: what two columns must agree in. */
export function columnText({ kind, dtype, shape, labels, text, items }: Column): string {
  if (items) return `sequence(${columnText(items.of)}, max ${items.most})`;
  if (kind === 'text') {
    const options = Object.entries({ words: shape[0], ...text }).filter(
      ([name, value]) => value !== undefined && name !== 'known',
    );
    return `text(${options.map(([name, value]) => `${name} ${value}`).join(', ')})`;
  }
  if (kind === 'category')
    return `category(${(labels ?? []).map((label) => JSON.stringify(label)).join(', ')})`;
  return kind === 'tensor' ? `tensor([${shape.join(', ')}], ${dtype})` : kind;
}

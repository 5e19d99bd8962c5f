/** What readers of formats throw, and files without a column, as refusals. */
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT701, DAT702 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../../compiler/diagnostics/nearest.ts';
import { topOf } from '../../../compiler/ir/span.ts';
import type { Schema } from '../../../dsl/column.ts';

export async function unreadable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return refuseBecause(
      DAT701({
        message: `the file cannot be read: ${saying(error)}`,
        span: topOf(path),
        expected: 'a file of this format that can be read',
        received: path,
      }),
      error,
    );
  }
}

export function checkNames(path: string, schema: Schema, names: readonly string[]): void {
  const missing = Object.keys(schema).filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new DiagnosticError(
    missing.map((name) => {
      const guess = nearest(name, names);
      return DAT702({
        message: `the file has no column ${name}`,
        span: topOf(path),
        expected: name,
        received: names.join(', '),
        ...(guess !== undefined && { hint: `did you mean ${guess}?` }),
      });
    }),
  );
}

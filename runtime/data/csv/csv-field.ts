/** From the text of one field to a number: the value itself, a label's number, or 0 and 1 for truth values. */
import { DAT705 } from '../../../compiler/diagnostics/data.ts';
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { quoted, shortened } from '../../../compiler/diagnostics/shortened.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import type { Column } from '../../../dsl/column.ts';
import type { RowOptions } from '../../../dsl/row-options.ts';
import { isFiniteFloat, notFinite, takesNotFinite } from '../finite.ts';
import { realNumber } from '../real-number.ts';
import { oddCharacter, unknownLabel } from '../write-value.ts';

/** What a field that is not of its column's kind is refused with. */
export type FieldProblem = (text: string, span: Span) => Diagnostic;

/** Gives `undefined` for a text that is not of the column's kind. */
export interface FieldReader {
  readonly read: (text: string) => number | undefined;
  readonly problem: FieldProblem;
}

/** The reader of a column's fields; a column of larger shape is read one element a field. */
export function fieldReader(name: string, column: Column, options: Pick<RowOptions, 'missing'>): FieldReader {
  if (column.kind === 'category') {
    const labels = column.labels ?? [];
    const numbers = new Map(labels.map((label, number) => [label, number]));
    return {
      read: (text) => numbers.get(text),
      problem: (text, span) => unknownLabel(`column ${name}: `, text, labels, span),
    };
  }
  if (column.dtype === 'bool') return { read: readTruth, problem: notA(name, 'true, false, 1 or 0') };
  if (column.dtype === 'int32') {
    return { read: readInteger, problem: notA(name, 'a whole number of 32 bits') };
  }
  return realReader(name, column, options);
}

function realReader(name: string, column: Column, { missing }: RowOptions): FieldReader {
  const all = takesNotFinite(column);
  const missingIsNaN = missing === 'nan';
  const notNumber = notA(name, missingIsNaN ? 'a number, or nothing' : 'a number');
  return {
    read: (text) => {
      const value = realNumber(text);
      if (value === undefined) return missingIsNaN && text.trim() === '' ? Number.NaN : undefined;
      if (isFiniteFloat(value) || all || (missingIsNaN && Number.isNaN(value))) return value;
      return undefined;
    },
    problem: (text, span) =>
      realNumber(text) === undefined
        ? notNumber(text, span)
        : notFinite(`column ${name}`, shortened(text), span),
  };
}

function notA(name: string, expected: string): FieldProblem {
  return (text, span) => {
    const isEmpty = text.trim() === '';
    const hint =
      isEmpty && expected === 'a number'
        ? "csv(…, { missing: 'nan' }) reads empty fields as NaN"
        : oddCharacter(text);
    return DAT705({
      message: `column ${name}: ${isEmpty ? 'the field is empty' : `${quoted(text)} is not ${expected}`}`,
      span,
      expected,
      received: shortened(text),
      ...(hint !== undefined && { hint }),
    });
  };
}

const truths: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['1', 1],
  ['false', 0],
  ['0', 0],
]);

function readTruth(text: string): number | undefined {
  return truths.get(text) ?? truths.get(text.trim().toLowerCase());
}

function readInteger(text: string): number | undefined {
  const number = realNumber(text);
  return number !== undefined && (number | 0) === number ? number : undefined;
}

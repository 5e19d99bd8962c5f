/** From the text of one field to a number: the value itself, a label's number, or 0 and 1 for truth values. */
import { DAT705 } from '../../compiler/diagnostics/data.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/ir/span.ts';
import type { Column } from '../../dsl/column.ts';
import type { RowOptions } from '../../dsl/row-options.ts';
import { unknownLabel } from './write-value.ts';

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
  if (options.missing === 'nan') {
    return {
      read: (text) => (text.trim() === '' ? Number.NaN : readReal(text)),
      problem: notA(name, 'a number, or nothing'),
    };
  }
  return { read: readReal, problem: notA(name, 'a number') };
}

function notA(name: string, expected: string): FieldProblem {
  return (text, span) =>
    DAT705({
      message: `column ${name}: ${text.trim() === '' ? 'the field is empty' : `${JSON.stringify(text)} is not ${expected}`}`,
      span,
      expected,
      received: text,
      ...(text.trim() === '' &&
        expected === 'a number' && { hint: "csv(…, { missing: 'nan' }) reads empty fields as NaN" }),
    });
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
  const number = readReal(text);
  return number !== undefined && (number | 0) === number ? number : undefined;
}

/** What numbers may be made of; `Number` alone would take '', '0x10' and '0b1' as well. */
const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;
const names: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

function readReal(text: string): number | undefined {
  return decimal.test(text) ? Number(text) : names.get(text.trim().toLowerCase());
}

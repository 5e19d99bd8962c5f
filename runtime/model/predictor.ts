/** Runs a program that answers rows, on plain rows, and gives plain answers. */
import { isSymbolic, product, valueOf } from '../../compiler/ir/dim.ts';
import type { TensorType } from '../../compiler/ir/node.ts';
import { length } from '../../compiler/ir/symbols.ts';
import type { Port, Program } from '../../compiler/module.ts';
import type { AnswerContract } from '../../compiler/programs/contract.ts';
import type { RowWriter } from '../data/table/rows-table.ts';
import { rowWriter } from '../data/table/rows-table.ts';
import type { Numbers, Runnable } from '../engines/engine.ts';
import { elementReader, plainValue } from './plain-value.ts';

/** Gives the answer for row `row` of the last batch. */
type AnswerReader = (row: number) => unknown;

/** Rows need only the columns that the program looks at. */
export class Predictor {
  readonly capacity: number;
  private readonly program: Runnable;
  private readonly write: RowWriter;
  private readonly columns: ReadonlyMap<string, Numbers>;
  private readonly answer: AnswerReader;

  constructor(contract: AnswerContract, { outputs }: Program, program: Runnable) {
    this.program = program;
    this.capacity = program.capacity;
    this.columns = new Map(Object.entries(program.inputs));
    this.write = rowWriter(contract.schema, (row) => `${contract.program}: row ${row}`);
    this.answer = answerReader(contract, outputs, program);
  }

  /** Answers for any number of rows, a batch at a time. */
  all(rows: readonly unknown[]): unknown[] {
    const { capacity } = this;
    if (rows.length <= capacity) return this.batch(rows, 0);
    const answers: unknown[] = [];
    for (let first = 0; first < rows.length; first += capacity) {
      for (const answer of this.batch(rows.slice(first, first + capacity), first)) answers.push(answer);
    }
    return answers;
  }

  /** The first row that does not fit, and why; undefined where all of them do. Nothing is run. */
  misfit(rows: readonly unknown[]): { readonly row: number; readonly error: unknown } | undefined {
    for (const [row, values] of rows.entries()) {
      try {
        this.write(values, this.columns, 0, row);
      } catch (error) {
        return { row, error };
      }
    }
    return undefined;
  }

  /** Answers for `rows`, of which there are at most `capacity`; `first` is the number of the first, for messages. */
  batch(rows: readonly unknown[], first: number): unknown[] {
    for (const [at, row] of rows.entries()) this.write(row, this.columns, at, first + at);
    this.program.run(rows.length);
    return rows.map((_, row) => this.answer(row));
  }
}

function answerReader(
  { form, outputs }: AnswerContract,
  ports: readonly Port[],
  program: Runnable,
): AnswerReader {
  const readers = outputs.map(({ label, id }) => ({
    label,
    read: outputReader(
      ports.find((port) => port.id === id),
      program,
    ),
  }));
  if (form === 'tensor') return readers[0]!.read;
  return (row) => Object.fromEntries(readers.map(({ label, read }) => [label, read(row)]));
}

function outputReader(port: Port | undefined, program: Runnable): AnswerReader {
  const values = port && program.outputs[port.id];
  if (!port || !values) throw new Error(`internal: the program gives no ${port?.id}`);
  const { shape, dtype } = port.type;
  if (shape.includes(length)) return sequenceReader(port.type, values, program);
  const width = valueOf(product(shape), { B: 1 });
  const perRow = shape.some(isSymbolic);
  // The batch axis stands in front; where a reshape has merged others into it, a row has several entries.
  const front = perRow ? valueOf(shape[0]!, { B: 1 }) : 0;
  const rest = (perRow ? shape.slice(1) : shape).map((dim) => valueOf(dim, { B: 1 }));
  const dims = front > 1 ? [front, ...rest] : rest;
  const plain = elementReader(dtype);
  return (row) => {
    const from = perRow ? row * width : 0;
    return plainValue(values.subarray(from, from + width), dims, plain);
  };
}

/** What has a length is as long as the longest sequence of its row. */
function sequenceReader({ shape, dtype }: TensorType, values: Numbers, program: Runnable): AnswerReader {
  const plain = elementReader(dtype);
  const along = shape.indexOf(length) - 1;
  return (row) => {
    const dims = shape.slice(1).map((dim) => valueOf(dim, { B: 1, T: program.padded ?? 0 }));
    const width = dims.reduce((size, dim) => size * dim, 1);
    const whole = values.subarray(row * width, (row + 1) * width);
    if (along !== 0) return plainValue(whole, dims, plain);
    const own = program.lengthOf?.(row) ?? 0;
    const [, ...items] = dims;
    return plainValue(
      whole.subarray(0, own * items.reduce((size, dim) => size * dim, 1)),
      [own, ...items],
      plain,
    );
  };
}

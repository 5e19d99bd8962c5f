/** Runs the predict program on plain rows and gives plain answers. */
import type { Compiled } from '../../compiler/compiled.ts';
import { isSymbolic, product, valueOf } from '../../compiler/ir/dim.ts';
import type { Output } from '../../compiler/ir/graph.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import type { RowWriter } from '../data/rows-table.ts';
import { rowWriter } from '../data/rows-table.ts';
import type { Numbers, Runnable } from '../engines/engine.ts';

/** Gives the answer for row `row` of the last batch. */
type AnswerReader = (row: number) => unknown;

/** Rows need only the columns that the model looks at. */
export class Predictor {
  readonly capacity: number;
  private readonly program: Runnable;
  private readonly write: RowWriter;
  private readonly columns: ReadonlyMap<string, Numbers>;
  private readonly answer: AnswerReader;

  constructor(compiled: Compiled, program: Runnable) {
    this.program = program;
    this.capacity = program.capacity;
    this.columns = new Map(Object.entries(program.inputs));
    this.write = rowWriter(compiled.schema, (row) => `predict: row ${row}`);
    this.answer = answerReader(compiled, program);
  }

  /** Answers for `rows`, of which there are at most `capacity`; `first` is the number of the first, for messages. */
  batch(rows: readonly unknown[], first: number): unknown[] {
    for (const [at, row] of rows.entries()) this.write(row, this.columns, at, first + at);
    this.program.run(rows.length);
    return rows.map((_, row) => this.answer(row));
  }
}

function answerReader(compiled: Compiled, program: Runnable): AnswerReader {
  const { outputs } = compiled.programs.predict.graph;
  const readers = outputs.map((output) => ({
    name: output.name.slice('outputs.'.length),
    read: outputReader(output, program),
  }));
  if (compiled.outputs.length === 0) return readers[0]!.read;
  return (row) => Object.fromEntries(readers.map(({ name, read }) => [name, read(row)]));
}

function outputReader({ name, value }: Output, program: Runnable): AnswerReader {
  const values = program.outputs[name];
  if (!values) throw new Error(`internal: the program gives no ${name}`);
  const { shape, dtype } = typeOf(value);
  const width = valueOf(product(shape), { B: 1 });
  const perRow = shape.some(isSymbolic);
  // The batch axis stands in front; where a reshape has merged others into it, a row has several entries.
  const front = perRow ? valueOf(shape[0]!, { B: 1 }) : 0;
  const rest = (perRow ? shape.slice(1) : shape).map((dim) => valueOf(dim, { B: 1 }));
  const dims = front > 1 ? [front, ...rest] : rest;
  const plain =
    dtype === 'bool' ? (number: number): unknown => number !== 0 : (number: number): unknown => number;
  return (row) => {
    const from = perRow ? row * width : 0;
    return plainValue(values.subarray(from, from + width), dims, plain);
  };
}

function plainValue(values: Numbers, dims: readonly number[], plain: (number: number) => unknown): unknown {
  if (dims.length === 0) return plain(values[0]!);
  if (dims.length === 1) return Array.from(values, plain);
  const [outer, ...inner] = dims as [number, ...number[]];
  const width = values.length / outer;
  return Array.from({ length: outer }, (_, i) =>
    plainValue(values.subarray(i * width, (i + 1) * width), inner, plain),
  );
}

/** Runs programs over sequences: each at the shortest of a few lengths that holds the longest row of the batch. */
import { columnOfLengths, lengthId } from '../../compiler/ir/state-ids.ts';
import { isByLength, programAt } from '../../compiler/lengths.ts';
import type { Lengths, Module, Program, SequenceType } from '../../compiler/module.ts';
import { programCalled } from '../../compiler/module.ts';
import type { Engine, LoadOptions, Numbers, Runnable, Session } from './engine.ts';

/** The engine, which then knows programs over sequences, too. */
export function byLength(engine: Engine): Engine {
  return {
    name: engine.name,
    async load(module, options = {}) {
      const { lengths } = module;
      if (!lengths) return engine.load(module, options);
      return new LengthSession(
        await engine.load(atEachLength(module, lengths), atEach(module, lengths, options)),
        module,
        lengths,
      );
    },
  };
}

/** The name of a program at a length: no user's program begins with a digit. */
const nameAt = (program: string, size: number): string => `${size}_${program}`;

function atEachLength({ lengths: _, ...module }: Module, { sizes }: Lengths): Module {
  const programs = [...module.programs].flatMap(([name, program]): [string, Program][] =>
    isByLength(program)
      ? sizes.map((size) => [nameAt(name, size), programAt(module, name, size)])
      : [[name, program]],
  );
  return { ...module, programs: new Map(programs) };
}

function atEach(module: Module, { sizes }: Lengths, { programs }: LoadOptions): LoadOptions {
  return {
    programs: programs?.flatMap((name) =>
      isByLength(programCalled(module, name)) ? sizes.map((size) => nameAt(name, size)) : [name],
    ),
  };
}

class LengthSession implements Session {
  readonly view?: (state: string) => Numbers;
  readonly #inner: Session;
  readonly #module: Module;
  readonly #lengths: Lengths;
  readonly #runnables = new Map<string, Runnable>();

  constructor(inner: Session, module: Module, lengths: Lengths) {
    this.#inner = inner;
    this.#module = module;
    this.#lengths = lengths;
    const { view } = inner;
    if (view) this.view = (state) => view.call(inner, state);
  }

  program(name: string): Runnable {
    const program = programCalled(this.#module, name);
    if (!isByLength(program)) return this.#inner.program(name);
    const made = this.#runnables.get(name) ?? this.#made(name, program);
    this.#runnables.set(name, made);
    return made;
  }

  #made(name: string, program: Program): Runnable {
    const { sizes, columns } = this.#lengths;
    return new LengthRunnable(
      program,
      columns.get(name) ?? new Map(),
      sizes,
      sizes.map((size) => this.#inner.program(nameAt(name, size))),
    );
  }

  read(state: string): Numbers {
    return this.#inner.read(state);
  }

  write(state: string, values: ArrayLike<number>): void {
    this.#inner.write(state, values);
  }

  dispose(): void {
    this.#runnables.clear();
    this.#inner.dispose();
  }
}

/** A column of the data, as rows are written and as programs take it. */
interface Taken {
  readonly name: string;
  /** Where rows are written. A sequence is the number of its items, and then as many as there may be, 0 behind the last. */
  readonly values: Numbers;
  /** Numbers a row. */
  readonly stride: number;
  readonly sequence: SequenceType | undefined;
}

class LengthRunnable implements Runnable {
  readonly capacity: number;
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly outputs: Readonly<Record<string, Numbers>>;
  readonly #taken: readonly Taken[];
  readonly #sizes: readonly number[];
  readonly #runnables: readonly Runnable[];
  #padded: number;

  constructor(
    { inputs }: Program,
    sequences: ReadonlyMap<string, SequenceType>,
    sizes: readonly number[],
    runnables: readonly Runnable[],
  ) {
    const longest = runnables.at(-1);
    this.#padded = sizes[0] ?? 0;
    if (!longest) throw new Error('internal: sequences of no length');
    this.capacity = longest.capacity;
    this.#sizes = sizes;
    this.#runnables = runnables;
    const names = [...new Set(inputs.map(({ id }) => columnOfLengths(id) ?? id))];
    this.#taken = names.map((name): Taken => {
      const sequence = sequences.get(name);
      if (!sequence) {
        const values = present(longest.inputs[name]).slice();
        return { name, values, stride: values.length / this.capacity, sequence };
      }
      const stride = 1 + sequence.most * sequence.width;
      return { name, values: roomFor(sequence, stride * this.capacity), stride, sequence };
    });
    this.inputs = Object.fromEntries(this.#taken.map(({ name, values }) => [name, values]));
    this.outputs = Object.fromEntries(
      Object.entries(longest.outputs).map(([name, values]) => [name, values.slice()]),
    );
  }

  /** The length that the last run was made at. */
  get padded(): number {
    return this.#padded;
  }

  lengthOf(row: number): number {
    return longestIn(this.#taken, row, row + 1);
  }

  run(rows: number): void {
    const runnable = this.#filled(rows);
    runnable.run(rows);
    this.#take(runnable);
  }

  runAside(rows: number): void | Promise<void> {
    const runnable = this.#filled(rows);
    const running = runnable.runAside ? runnable.runAside(rows) : runnable.run(rows);
    if (running) return running.then(() => this.#take(runnable));
    this.#take(runnable);
    return undefined;
  }

  /** The program at the length that the rows need, with its inputs. */
  #filled(rows: number): Runnable {
    const size = sizeFor(this.#sizes, longestIn(this.#taken, 0, rows));
    const runnable = present(this.#runnables[this.#sizes.indexOf(size)]);
    this.#padded = size;
    for (const taken of this.#taken) {
      const target = runnable.inputs[taken.name];
      const { values, stride, sequence } = taken;
      if (!sequence) target?.set(values.subarray(0, rows * stride));
      else pad(taken, sequence, { size, rows, target, lengths: runnable.inputs[lengthId(taken.name)] });
    }
    return runnable;
  }

  #take(runnable: Runnable): void {
    for (const [name, values] of Object.entries(this.outputs)) values.set(present(runnable.outputs[name]));
  }
}

interface Padding {
  readonly size: number;
  readonly rows: number;
  readonly target: Numbers | undefined;
  readonly lengths: Numbers | undefined;
}

/** Writes the items of rows at a length, 0 behind the end of each, and how many there are. */
function pad(
  { values, stride }: Pick<Taken, 'values' | 'stride'>,
  { most, width }: SequenceType,
  to: Padding,
): void {
  const { size, rows, target, lengths } = to;
  const shown = Math.min(size, most) * width;
  for (let row = 0; row < rows; row++) {
    const start = row * stride + 1;
    if (lengths) lengths[row] = values[start - 1] ?? 0;
    if (!target) continue;
    target.set(values.subarray(start, start + shown), row * size * width);
    target.fill(0, row * size * width + shown, (row + 1) * size * width);
  }
}

/** The length of the longest sequence in the rows from one to another. */
function longestIn(
  columns: readonly Pick<Taken, 'values' | 'stride' | 'sequence'>[],
  from: number,
  to: number,
): number {
  let longest = 0;
  for (const { values, stride, sequence } of columns) {
    if (!sequence) continue;
    for (let row = from; row < to; row++) longest = Math.max(longest, values[row * stride] ?? 0);
  }
  return longest;
}

function roomFor({ dtype }: SequenceType, size: number): Numbers {
  return dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
}

/** What the engine has made for each length. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('internal: a program lacks a length, a column or an output');
  return value;
}

function sizeFor(sizes: readonly number[], longest: number): number {
  return present(sizes.find((size) => size >= longest));
}

/** A batch as a program of the module sees it at the length that it needs: what `LengthRunnable` runs it on. */
export function atOwnLength(
  module: Module,
  name: string,
  inputs: Readonly<Record<string, Numbers>>,
  rows: number,
): { readonly program: Program; readonly inputs: Readonly<Record<string, Numbers>> } {
  const sequences = module.lengths?.columns.get(name);
  if (!module.lengths || !sequences) return { program: programCalled(module, name), inputs };
  const columns = Object.entries(inputs).map(([column, values]) => {
    const sequence = sequences.get(column);
    return { column, values, sequence, stride: sequence ? 1 + sequence.most * sequence.width : 0 };
  });
  const size = sizeFor(module.lengths.sizes, longestIn(columns, 0, rows));
  const shown = columns.flatMap((taken): [string, Numbers][] => {
    const { column, values, sequence } = taken;
    if (!sequence) return [[column, values]];
    const target = roomFor(sequence, rows * size * sequence.width);
    const lengths = new Int32Array(rows);
    pad(taken, sequence, { size, rows, target, lengths });
    return [
      [column, target],
      [lengthId(column), lengths],
    ];
  });
  return { program: programAt(module, name, size), inputs: Object.fromEntries(shown) };
}

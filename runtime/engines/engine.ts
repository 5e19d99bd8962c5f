/** What an engine is: it loads the programs of a module, runs one on a batch, and keeps their state. */
import type { Module } from '../../compiler/module.ts';

/** Numbers at an engine's border: float32 columns and outputs as Float32Array, int32 and bool as Int32Array. */
export type Numbers = Float32Array | Int32Array;

export interface Engine {
  readonly name: string;
  /** Makes the programs ready to run; state holds nothing sensible until `init` has run or state is written. */
  load(module: Module, options?: LoadOptions): Promise<Session>;
}

export interface LoadOptions {
  /** Programs to make ready; default all. A loaded model needs `predict` and `evaluate` only. */
  readonly programs?: readonly string[] | undefined;
}

/** A loaded module with its state. Not for use by two callers at once. */
export interface Session {
  /** A program, ready to run. Its arrays are the engine's own and stay valid until `dispose`. */
  program(name: string): Runnable;
  /** A copy of a state's values, row-major; states are known by their ids. */
  read(state: string): Numbers;
  /** The engine's own array of a state, where it has one: it changes with every run, and is there until `dispose`. */
  view?(state: string): Numbers;
  /** Sets a state's values; the length must fit. */
  write(state: string, values: ArrayLike<number>): void;
  dispose(): void;
}

/** One program: fill `inputs`, call `run`, look at `outputs`. */
export interface Runnable {
  /** The most rows a batch may have. */
  readonly capacity: number;
  /** By column: where to write the batch, capacity × the column's size, row-major. */
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** By output's name; the values of the last run, in the first `rows` rows where they have a batch axis. */
  readonly outputs: Readonly<Record<string, Numbers>>;
  /** Runs the program on the first `rows` rows of the inputs. Allocates nothing. */
  run(rows: number): void;
  /** The same, of an engine that computes in a thread of its own: where it takes long, the event loop goes on meanwhile. */
  runAside?(rows: number): void | Promise<void>;
  /** Of a program over sequences: the length that the last run was made at. */
  readonly padded?: number;
  /** Of a program over sequences: the length of the longest one in a row of the inputs. */
  lengthOf?(row: number): number;
  /** Runs the program kernel by kernel, and times each. Slower than `run`; the values are the same. */
  profile?(rows: number): readonly KernelTime[];
}

/** One kernel in a run. */
export interface KernelTime {
  readonly name: string;
  readonly microseconds: number;
  /** Of the memory that it reads or writes, each region once. */
  readonly bytes: number;
}

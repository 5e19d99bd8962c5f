/** What the compiler hands to engines: programs by name over one table of state, with a typed border. */

import type { DType } from '../dsl/tensor.ts';
import { isColumn } from './ir/facts.ts';
import type { Graph } from './ir/graph.ts';
import { topological } from './ir/graph.ts';
import type { TensorType } from './ir/node.ts';
import { typeOf } from './ir/node.ts';
import type { Vocabulary } from './op/vocabulary.ts';

/** A value that enters or leaves a program. */
export interface Port {
  /** Unique among the program's inputs, or its outputs. */
  readonly id: string;
  readonly type: TensorType;
}

export interface Program {
  /** Simplified primitives. */
  readonly graph: Graph;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** A value that lives across runs of the programs. */
export interface StateEntry {
  /** Unique in the module. The user's own word for a parameter or a layer's state; all others are the compiler's. */
  readonly id: string;
  /** What to call it in messages. */
  readonly label: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /**
   * `param` trained · `state` of layers · `slot` of an optimizer · `metric` sums of an epoch, reset at its start ·
   * `run` seed, step, learning rates.
   */
  readonly role: 'param' | 'state' | 'slot' | 'metric' | 'run';
}

/** Whether it makes the model; the others are what training needs beside it. */
export function isOfModel({ role }: Pick<StateEntry, 'role'>): boolean {
  return role === 'param' || role === 'state';
}

/** Programs with sequences are symbolic in the length `T`, and are run at one of a few. */
export interface Lengths {
  /** In order. */
  readonly sizes: readonly number[];
  /** By program and column. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, SequenceType>>;
}

/** What the rows of a column of sequences hold. */
export interface SequenceType {
  readonly dtype: DType;
  /** How many items at most. */
  readonly most: number;
  /** How many numbers an item has. */
  readonly width: number;
}

export interface Module {
  readonly name: string;
  /** The most rows that a batch may have. */
  readonly capacity: number;
  readonly programs: ReadonlyMap<string, Program>;
  /** Where columns are sequences: how long they may be. */
  readonly lengths?: Lengths;
  /** In the order in which engines lay it out. */
  readonly state: readonly StateEntry[];
  /** What the graphs are written in. */
  readonly vocabulary: Vocabulary;
}

/** The program of a graph, its border read off the graph. */
export function programOf(graph: Graph): Program {
  const inputs = topological(graph).filter(isColumn);
  return {
    graph,
    inputs: inputs.map((node) => ({ id: node.name!, type: typeOf(node) })),
    outputs: graph.outputs.map(({ name, value }) => ({ id: name, type: typeOf(value) })),
  };
}

/** The program called `name`; that there is one is for the caller to know. */
export function programCalled(
  { name: module, programs }: Pick<Module, 'name' | 'programs'>,
  name: string,
): Program {
  const program = programs.get(name);
  if (!program) throw new Error(`internal: the module ${module} has no program ${name}`);
  return program;
}

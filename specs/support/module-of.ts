/** A module of one generated program: what it is compiled into around it is of no account. */
import type { Graph } from '../../compiler/ir/graph.ts';
import type { Module, StateEntry } from '../../compiler/module.ts';
import { programOf } from '../../compiler/module.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';

export function moduleOf(graph: Graph, state: readonly StateEntry[], capacity: number): Module {
  const programs = new Map([[graph.program, programOf(graph)]]);
  return { name: graph.name, capacity, programs, state, vocabulary };
}

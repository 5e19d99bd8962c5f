/** A step to be looked into: the program, and all that it was computed from. */
import type { Compiled } from '../../../compiler/compile.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import type { Module } from '../../../compiler/module.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { Held } from './found.ts';

/** A step that gave a loss or a state that is not finite, and all that it was computed from. */
export interface FailedStep {
  readonly compiled: Compiled;
  /**
   * All states by id, as they were before the step: what is drawn at random follows from seed and step among them. The
   * sums of an epoch may be left out; they count as 0.
   */
  readonly states: ReadonlyMap<string, ArrayLike<number>>;
  /** The batch's columns, row-major, with at least `rows` rows. */
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly rows: number;
}

/** The state that a leaf stands for. */
export function entryOf({ state }: Module, leaf: Node): Held | undefined {
  return state.find(({ id }) => id === leaf.name);
}

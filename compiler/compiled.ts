/** What the compiler hands to the runtime: the programs of a pipeline, and the state they share. */
import type { Schema } from '../dsl/column.ts';
import type { DType } from '../dsl/tensor.ts';
import type { Plan } from './5-plan/plan.ts';
import type { Graph, ProgramName } from './ir/graph.ts';

/** A value that lives across steps. */
export interface StateEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /**
   * `param` trained · `state` of layers · `slot` of the optimizer · `metric` sums of the epoch (reset to zero at its
   * start; `train.` and `validation.` apart) · `run` seed, step, learning rate.
   */
  readonly role: 'param' | 'state' | 'slot' | 'metric' | 'run';
}

export interface CompiledProgram {
  readonly graph: Graph;
  readonly plan: Plan;
  /** The WebAssembly module of the plan; emitted when first asked for. */
  readonly module: () => Uint8Array;
}

/**
 * Names at the border of the programs. Inputs: the columns that a program needs. Outputs of `step`: `loss` (this
 * batch's) and `metrics.loss`, `metrics.NAME` (of the epoch so far, over all its rows); of `evaluate`: `metrics.loss`,
 * `metrics.NAME`; of `predict`: `outputs` or `outputs.NAME`, one value a row.
 * State: `run.seed` (int32[2]), `run.step` (int32), `run.learningRate` (float32, absent under a schedule).
 */
export interface Compiled {
  readonly name: string;
  readonly schema: Schema;
  readonly programs: Readonly<Record<ProgramName, CompiledProgram>>;
  readonly state: readonly StateEntry[];
  /** The metrics' names, in the user's order; `loss` is not among them. */
  readonly metrics: readonly string[];
  /** The names of the outputs when the model returns a record; empty when it returns one tensor. */
  readonly outputs: readonly string[];
}

/** The plan of a program: kernels in order over regions of one memory. Everything an engine needs, and no op by name. */
import type { Dim, DType, Shape } from '../../dsl/tensor.ts';
import type { Attributes } from '../ir/node.ts';
import type { Span } from '../ir/span.ts';
import type { Primitive } from '../op/card.ts';

/** A stretch of memory that holds one tensor, row-major, 4 bytes an element (bool is an int32 of 0 or 1). */
export interface Region {
  readonly name: string;
  /** `state` outlives the program and lies at the same place in every program of a pipeline. */
  readonly kind: 'state' | 'input' | 'output' | 'literal' | 'arena';
  readonly dtype: DType;
  readonly shape: Shape;
  /** Bytes from the start of memory, a multiple of 16. */
  readonly offset: number;
  /** Bytes at the planned batch, a multiple of 16: vector loops over whole regions may run into the padding. */
  readonly bytes: number;
  /** Of a literal: what it holds from the start. */
  readonly values?: readonly number[];
}

/** How a kernel addresses a region: element = offset + Σ index·stride, plus what is looked up. All in elements. */
export interface Access {
  readonly region: number;
  /** One stride per loop of the kernel: first those of `outer`, then those of `inner`. 0 where it does not move. */
  readonly strides: readonly Dim[];
  readonly offset: number;
  /** Of a gather or scatter: adds `clamp(value, 0, limit − 1) · stride` for an int32 value of the same stage. */
  readonly lookups?: readonly { readonly value: number; readonly stride: Dim; readonly limit: Dim }[];
}

/** One scalar value of a stage; later steps refer to it by its place in the list. */
export type Step =
  | { readonly kind: 'read'; readonly access: Access; readonly dtype: DType }
  | { readonly kind: 'constant'; readonly value: number; readonly dtype: DType }
  /** Σ index·stride + offset over the loops, as an int32 (or converted to float32). */
  | {
      readonly kind: 'index';
      readonly strides: readonly Dim[];
      readonly offset: number;
      readonly dtype: DType;
    }
  /** A symbolic size in this run. */
  | { readonly kind: 'dimension'; readonly size: Dim; readonly dtype: DType }
  /** `card.lower.wasm` applied to earlier steps. */
  | {
      readonly kind: 'op';
      readonly card: Primitive;
      readonly attributes: Attributes;
      readonly args: readonly number[];
      readonly dtype: DType;
    }
  /** A fold or an outer value of an earlier stage of the same kernel. */
  | { readonly kind: 'earlier'; readonly stage: number; readonly index: number; readonly dtype: DType }
  /** Of a contraction's epilogue: the finished sum of products. */
  | { readonly kind: 'accumulator'; readonly dtype: DType };

export interface Store {
  readonly access: Access;
  readonly value: number;
  /** Added to what is there instead of replacing it: scatter, in the order of the loops. */
  readonly add?: true;
}

export type FoldKind = 'add' | 'multiply' | 'max' | 'min';

/**
 * One pass. `over: 'inner'` runs the inner loops for each point of the outer ones; `over: 'outer'` runs once a point.
 * The k-th fold combines the step `value` over the inner loops; later stages see it as `earlier` with index
 * `body.length + k`. Of an outer stage, every step can be seen later under its own index.
 */
export interface Stage {
  readonly over: 'outer' | 'inner';
  readonly body: readonly Step[];
  readonly stores: readonly Store[];
  readonly folds: readonly { readonly fold: FoldKind; readonly value: number }[];
}

/** Loops `outer` around stages around loops `inner`. The fold's order is the engine's, but fixed: it never depends on threads. */
export interface LoopKernel {
  readonly kind: 'loop';
  readonly name: string;
  readonly outer: readonly Dim[];
  readonly inner: readonly Dim[];
  readonly stages: readonly Stage[];
  readonly spans: readonly Span[];
}

/** One side of a contraction: element strides for each batch loop, its own free axis and the contracted axis. */
export interface Operand {
  readonly region: number;
  readonly offset: number;
  readonly batch: readonly Dim[];
  readonly free: Dim;
  readonly depth: Dim;
}

/**
 * For each batch index: accumulator[row, column] = Σ_depth left[row, depth] · right[depth, column], summed in order of
 * depth; then the epilogue's body with loops (…batch, row, column) and its stores.
 */
export interface ContractKernel {
  readonly kind: 'contract';
  readonly name: string;
  readonly batch: readonly Dim[];
  readonly rows: Dim;
  readonly columns: Dim;
  readonly depth: Dim;
  readonly left: Operand;
  readonly right: Operand;
  readonly body: readonly Step[];
  readonly stores: readonly Store[];
  readonly spans: readonly Span[];
}

export type Kernel = LoopKernel | ContractKernel;

/** A named value that crosses the program's border. */
export interface Port {
  readonly name: string;
  readonly region: number;
}

export interface Plan {
  readonly name: string;
  readonly program: string;
  /** The largest batch that fits; fewer rows need no new plan. */
  readonly capacity: number;
  readonly regions: readonly Region[];
  readonly kernels: readonly Kernel[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Bytes of state, the same for all programs of a pipeline; it lies at the start of memory. */
  readonly stateBytes: number;
  /** Bytes in all. */
  readonly bytes: number;
  /** What lies in the arena when no two values share a byte, for comparison. */
  readonly naiveBytes: number;
}

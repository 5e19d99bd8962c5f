/** Memory that two threads share: words to take turns by, room for messages, inputs, outputs and state. */

import type { Dim } from '../../../compiler/ir/dim.ts';
import { valueOf } from '../../../compiler/ir/dim.ts';
import type { DType } from '../../../dsl/tensor.ts';
import type { Numbers } from '../engine.ts';

/** A stretch of the shared memory for the numbers of one tensor, at its largest. */
export interface Slot {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  /** In bytes. */
  readonly offset: number;
  /** In numbers. */
  readonly length: number;
}

/** A slot and the graph tensor it is fed to or fetched from. */
export interface PortSlot extends Slot {
  /** The column or the output. */
  readonly name: string;
  readonly tensor: string;
}

export interface ProgramSlots {
  readonly name: string;
  readonly inputs: readonly PortSlot[];
  readonly outputs: readonly PortSlot[];
  /** To be fed with the number of rows, where the graph asks for it. */
  readonly rows?: string;
  readonly done: string;
}

export interface StateSlot extends Slot {
  readonly name: string;
  readonly read: string;
  readonly value: string;
  readonly written: string;
}

/** What the thread that runs TensorFlow needs to begin. */
export interface Assignment {
  readonly binding: string;
  readonly directory: string;
  readonly memory: SharedArrayBuffer;
  /** A program is told by its number in this list. */
  readonly programs: readonly ProgramSlots[];
  readonly state: readonly StateSlot[];
}

/** The words at the front of the memory. */
export const word = { asked: 0, answered: 1, order: 2, which: 3, rows: 4, failed: 5 } as const;

export const orders = { run: 0, read: 1, write: 2, end: 3 } as const;

/** Where the text of a failure stands, and how long it may be. */
export const failureText = { offset: 64, bytes: 8128 } as const;

const grain = 64;

/** Hands out stretches of memory, one after another, each at the start of a cache line. */
export class Layout {
  bytes: number = failureText.offset + failureText.bytes;

  slot(dtype: DType, shape: readonly Dim[], capacity: number): Slot {
    const length = countOf(shape, capacity);
    const offset = this.bytes;
    this.bytes += Math.max(grain, Math.ceil((length * 4) / grain) * grain);
    return { dtype, shape, offset, length };
  }
}

export function countOf(shape: readonly Dim[], rows: number): number {
  return sizesOf(shape, rows).reduce((count, size) => count * size, 1);
}

export function sizesOf(shape: readonly Dim[], rows: number): number[] {
  return shape.map((dim) => valueOf(dim, { B: rows }));
}

/** Float32 as it is; int32 and bool as whole numbers. */
export function viewOf(memory: SharedArrayBuffer, { dtype, offset, length }: Slot): Numbers {
  return dtype === 'float32'
    ? new Float32Array(memory, offset, length)
    : new Int32Array(memory, offset, length);
}

/** Sizes and strides inside a function: immediates where they are known, else computed once from the number of rows. */
import type { Dim } from '../../../../dsl/tensor.ts';
import { inBatch, product } from '../../../ir/dim.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';

/** A size for arithmetic at compile time; nothing where it depends on the batch. */
export const known = (dim: Dim): number | undefined => (typeof dim === 'number' ? dim : undefined);

export const times = (dim: Dim, factor: number): Dim => (factor === 1 ? dim : product([factor, dim]));

/** Whether a stride leads towards the start of memory. */
export const isBackward = (stride: Dim): boolean =>
  typeof stride === 'number' ? stride < 0 : stride.startsWith('-');

export class Sizes {
  readonly #f: FunctionBody;
  readonly #rows: Local;
  readonly #held = new Map<string, Local>();

  constructor(f: FunctionBody, rows: Local) {
    this.#f = f;
    this.#rows = rows;
  }

  /** Puts the size, or what the local holds, on the stack. */
  push(dim: Dim | Local): void {
    if (typeof dim === 'number') this.#f.i32(dim);
    else if (typeof dim === 'object') this.#f.get(dim);
    else this.#f.get(this.#local(dim));
  }

  #local(dim: string): Local {
    const { factor, power } = inBatch(dim);
    if (factor === 1 && power === 1) return this.#rows;
    const found = this.#held.get(dim);
    if (found) return found;
    const held = this.#f.atEntry('i32', () => {
      this.#f.i32(factor);
      for (let i = 0; i < power; i++) {
        this.#f.get(this.#rows);
        this.#f.op('i32.mul');
      }
    });
    this.#held.set(dim, held);
    return held;
  }
}

/** Where a fed value goes: written straight into the engine's memory, element by element checked. */
import type { DType } from '../../../dsl/tensor.ts';
import type { Numbers } from '../../engines/engine.ts';

export class FeedSlot {
  readonly #dims: readonly number[];
  readonly #dtype: DType;
  readonly #target: Numbers;

  constructor(dims: readonly number[], dtype: DType, target: Numbers) {
    this.#dims = dims;
    this.#dtype = dtype;
    this.#target = target;
  }

  /** False, with nothing promised of the memory, where the value has not this shape or not this dtype. */
  write(value: unknown): boolean {
    const target = this.#target;
    if (this.#dims.length === 0) return this.#element(value, 0);
    if (value instanceof Float32Array && this.#dtype === 'float32') {
      if (value.length !== target.length) return false;
      target.set(value);
      return true;
    }
    if (ArrayBuffer.isView(value)) return this.#flat(value, 0, target.length);
    return this.#nested(value, 0, 0, target.length);
  }

  #nested(value: unknown, axis: number, from: number, length: number): boolean {
    if (ArrayBuffer.isView(value)) return axis === this.#dims.length - 1 && this.#flat(value, from, length);
    if (!Array.isArray(value) || value.length !== this.#dims[axis]) return false;
    if (axis === this.#dims.length - 1) return this.#flat(value, from, length);
    const width = length / value.length;
    for (let i = 0; i < value.length; i++) {
      if (!this.#nested(value[i], axis + 1, from + i * width, width)) return false;
    }
    return true;
  }

  #flat(value: ArrayBufferView | readonly unknown[], from: number, length: number): boolean {
    const list = value as unknown as ArrayLike<unknown>;
    if (list.length !== length) return false;
    for (let i = 0; i < length; i++) if (!this.#element(list[i], from + i)) return false;
    return true;
  }

  #element(value: unknown, at: number): boolean {
    if (this.#dtype === 'bool') {
      if (typeof value !== 'boolean' && value !== 0 && value !== 1) return false;
    } else if (typeof value !== 'number' || (this.#dtype === 'int32' && (value | 0) !== value)) return false;
    this.#target[at] = Number(value);
    return true;
  }
}

/** The slot of a feed; one that no kernel looks at is checked all the same. */
export function slotFor(dtype: DType, dims: readonly number[], target: Numbers | undefined): FeedSlot {
  const size = dims.reduce((product, dim) => product * dim, 1);
  return new FeedSlot(dims, dtype, target ?? new Float32Array(size));
}

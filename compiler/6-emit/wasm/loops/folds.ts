/** Emits folds: accumulators on lanes and vectors, put together at the end in one fixed order. */
import type { FoldKind } from '../../../5-plan/plan.ts';
import type { Scalar, ScalarOp } from '../../../op/scalar.ts';
import { bitsOfFloat } from '../assembler/encoding.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import type { Form } from '../scalar/operation.ts';
import { emitOperation } from '../scalar/operation.ts';

const operations = { add: 'add', multiply: 'mul', max: 'max', min: 'min' } as const satisfies Record<
  FoldKind,
  ScalarOp
>;

const identities: Readonly<Record<'f32' | 'i32', Record<FoldKind, number>>> = {
  f32: { add: 0, multiply: 1, max: Number.NEGATIVE_INFINITY, min: Number.POSITIVE_INFINITY },
  i32: { add: 0, multiply: 1, max: -(2 ** 31), min: 2 ** 31 - 1 },
};

export class Fold {
  readonly #f: FunctionBody;
  readonly #kind: FoldKind;
  readonly #type: 'f32' | 'i32';

  constructor(f: FunctionBody, kind: FoldKind, value: Scalar) {
    this.#f = f;
    this.#kind = kind;
    this.#type = value.type === 'f32' ? 'f32' : 'i32';
  }

  /** A fresh accumulator that has seen nothing. */
  begin(form: Form): Local {
    const local = this.#f.local(form === 'vector' ? 'v128' : this.#type);
    this.#identity(form);
    this.#f.set(local);
    return local;
  }

  /** Takes in the value that `push` puts on the stack; of a vector, only the lanes of `mask` if there is one. */
  accumulate(accumulator: Local, push: () => void, mask?: () => void): void {
    const form: Form = accumulator.type === 'v128' ? 'vector' : 'lane';
    this.#combine(
      form,
      () => this.#f.get(accumulator),
      () => {
        push();
        if (!mask) return;
        this.#identity('vector');
        mask();
        this.#f.op('v128.bitselect');
      },
    );
    this.#f.set(accumulator);
  }

  /** Puts together accumulators that alternated, then their lanes; leaves the result in a lane. */
  finish(accumulators: readonly Local[]): Local {
    for (let step = 1; step < accumulators.length; step *= 2) {
      for (let i = 0; i + step < accumulators.length; i += 2 * step) {
        const into = accumulators[i]!;
        this.accumulate(into, () => this.#f.get(accumulators[i + step]!));
      }
    }
    const lanes = accumulators[0]!;
    for (const order of [
      [2, 3, 0, 1],
      [1, 0, 3, 2],
    ]) {
      this.accumulate(lanes, () => {
        this.#f.get(lanes);
        this.#f.get(lanes);
        this.#f.shuffle(order);
      });
    }
    const result = this.#f.local(this.#type);
    this.#f.get(lanes);
    this.#f.op(`${this.#type}x4.extract_lane`, { lane: 0 });
    this.#f.set(result);
    return result;
  }

  #identity(form: Form): void {
    const value = identities[this.#type][this.#kind];
    const word = this.#type === 'f32' ? bitsOfFloat(value) : value;
    if (form === 'vector') this.#f.v128([word, word, word, word]);
    else if (this.#type === 'f32') this.#f.f32(value);
    else this.#f.i32(value);
  }

  #combine(form: Form, left: () => void, right: () => void): void {
    const operand: Scalar = { op: 'read', type: this.#type, args: [] };
    const operation: Scalar = { op: operations[this.#kind], type: this.#type, args: [operand, operand] };
    if (form === 'vector' || this.#type === 'f32' || this.#kind === 'add' || this.#kind === 'multiply') {
      emitOperation(this.#f, operation, form, (argument) => (argument === 0 ? left() : right()));
      return;
    }
    // The lane form of an integer bound asks for its arguments twice: compute the right one once.
    const held = this.#f.local('i32');
    right();
    this.#f.set(held);
    emitOperation(this.#f, operation, form, (argument) => (argument === 0 ? left() : this.#f.get(held)));
    this.#f.release(held);
  }
}

/** Numbers and truths in nested arrays, as users write tensors down: their shape, and their values in row-major order. */
import type { DType, Shape } from '../../../../dsl/tensor.ts';

/** A number, a truth, or nested arrays of them. */
export type Literal = number | boolean | readonly Literal[];

/** The shape of a literal, as far as its type tells. */
export type LiteralShape<V> = V extends number | boolean
  ? readonly []
  : V extends readonly []
    ? readonly [0]
    : V extends readonly [infer First, ...unknown[]]
      ? readonly [V['length'], ...LiteralShape<First>]
      : Shape;

/** The dtype of a literal: truths are `bool`, numbers `float32`. */
export type LiteralDType<V> = V extends boolean
  ? 'bool'
  : V extends number
    ? 'float32'
    : V extends readonly (infer Item)[]
      ? LiteralDType<Item>
      : DType;

export interface LiteralValues {
  readonly shape: readonly number[];
  readonly values: readonly (number | boolean)[];
}

/** Undefined where rows differ in length, or something is neither a number nor a truth. */
export function literalValues(value: unknown): LiteralValues | undefined {
  const shape: number[] = [];
  for (let first = value; Array.isArray(first); first = first[0]) shape.push(first.length);
  const values: (number | boolean)[] = [];
  const collect = (each: unknown, axis: number): boolean => {
    if (axis === shape.length) {
      if (typeof each !== 'number' && typeof each !== 'boolean') return false;
      values.push(each);
      return true;
    }
    return (
      Array.isArray(each) && each.length === shape[axis] && each.every((item) => collect(item, axis + 1))
    );
  };
  return collect(value, 0) ? { shape, values } : undefined;
}

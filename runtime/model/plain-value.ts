/** Tensors as plain values: a number, a truth, or nested arrays of them. */
import type { DType } from '../../dsl/tensor.ts';
import type { Numbers } from '../engines/engine.ts';

/** What stands for one element. */
export type Element = (number: number) => number | boolean;

export function elementReader(dtype: DType): Element {
  return dtype === 'bool' ? (number) => number !== 0 : (number) => number;
}

/** The values of one tensor, row-major, nested by its dimensions. */
export function plainValue(values: Numbers, dims: readonly number[], element: Element): unknown {
  if (dims.length === 0) return element(values[0]!);
  if (dims.length === 1) return Array.from(values, element);
  const [outer, ...inner] = dims as [number, ...number[]];
  const width = values.length / outer;
  return Array.from({ length: outer }, (_, i) =>
    plainValue(values.subarray(i * width, (i + 1) * width), inner, element),
  );
}

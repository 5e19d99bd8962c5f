/** Which numbers stand for the symbolic sizes of a run: what is fed decides. */
import type { Dim, Shape } from '../../../compiler/ir/dim.ts';
import { product } from '../../../compiler/ir/dim.ts';
import type { Sizes } from '../../../compiler/ir/symbols.ts';

/** What is known of the shape of a fed value: of a typed array only how many elements it has. */
export type Measured = { readonly shape: readonly number[] } | { readonly length: number };

/** The measure of a value as it was given; undefined where arrays of different lengths stand side by side. */
export function measured(value: unknown): Measured {
  const shape: number[] = [];
  let first = value;
  while (Array.isArray(first)) {
    shape.push(first.length);
    first = first[0];
  }
  if (!ArrayBuffer.isView(first) || !('length' in first)) return { shape };
  const length = Number(first.length);
  return shape.length === 0 ? { length } : { shape: [...shape, length] };
}

interface Equation {
  readonly dim: Dim;
  readonly size: number;
}

/** One equation for each axis, or one for all of them; undefined where the number of axes differs. */
function equationsOf(shape: Shape, given: Measured): Equation[] | undefined {
  if ('length' in given)
    return shape.length === 0 ? undefined : [{ dim: product(shape), size: given.length }];
  if (given.shape.length !== shape.length) return undefined;
  return shape.map((dim, axis) => ({ dim, size: given.shape[axis]! }));
}

export interface Solution {
  readonly sizes: Sizes;
  /** The first of the fed values that does not fit. */
  readonly unfit?: number;
}

/** Sizes under which every value fits its shape; what no value decides has none. */
export function solveSizes(shapes: readonly Shape[], given: readonly Measured[]): Solution {
  const sizes: Record<string, number> = {};
  let open: { readonly equation: Equation; readonly feed: number }[] = [];
  for (const [feed, shape] of shapes.entries()) {
    const equations = equationsOf(shape, given[feed]!);
    if (!equations) return { sizes, unfit: feed };
    open.push(...equations.map((equation) => ({ equation, feed })));
  }
  for (let before = -1; open.length !== before; ) {
    before = open.length;
    const left: typeof open = [];
    for (const each of open) {
      const { dim, size } = each.equation;
      const { factor, unknown } = partly(dim, sizes);
      const [symbol] = unknown;
      if (symbol === undefined) {
        if (factor !== size) return { sizes, unfit: each.feed };
      } else if (unknown.length === 1) {
        if (size === 0 || size % factor !== 0) return { sizes, unfit: each.feed };
        sizes[symbol] = size / factor;
      } else left.push(each);
    }
    open = left;
  }
  return { sizes };
}

/** What is known of a size, and the symbols that are not. */
function partly(dim: Dim, sizes: Sizes): { readonly factor: number; readonly unknown: readonly string[] } {
  let factor = 1;
  const unknown: string[] = [];
  for (const part of String(dim).split('*')) {
    const value = sizes[part] ?? Number(part);
    if (Number.isNaN(value)) unknown.push(part);
    else factor *= value;
  }
  return { factor, unknown };
}

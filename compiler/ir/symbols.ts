/** Puts numbers for symbols: types and attributes as they are in one run. */

import type { Dim, Length } from '../../dsl/tensor.ts';
import { valueOf, withSizes } from './dim.ts';
import type { Attribute, Attributes, TensorType } from './node.ts';

/** The symbol of the length of sequences. */
export const length: Length = 'T';

export type Sizes = Readonly<Record<string, number>>;

export function concreteShape(type: TensorType, sizes: Sizes): number[] {
  return type.shape.map((dim) => valueOf(dim, sizes));
}

const symbolic = /^(\d+\*)?[A-Z](\*[A-Z])*$/;

/** Attributes in which each symbolic size has become a number, or what it is when these symbols are numbers. */
export function concreteAttributes(attributes: Attributes, sizes: Sizes): Attributes {
  const concrete = (value: Attribute): Attribute => {
    if (typeof value === 'string') return symbolic.test(value) ? withSizes(value as Dim, sizes) : value;
    return Array.isArray(value) ? value.map(concrete) : value;
  };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, concrete(value)]));
}

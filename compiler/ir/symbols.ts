/** Puts numbers for symbols: types and attributes as they are in one run. */

import { valueOf } from './dim.ts';
import type { Attribute, Attributes, TensorType } from './node.ts';

export type Sizes = Readonly<Record<string, number>>;

export function concreteShape(type: TensorType, sizes: Sizes): number[] {
  return type.shape.map((dim) => valueOf(dim, sizes));
}

const symbolic = /^(\d+\*)?[A-Z](\*[A-Z])*$/;

/** Attributes in which each symbolic size has become a number. */
export function concreteAttributes(attributes: Attributes, sizes: Sizes): Attributes {
  const concrete = (value: Attribute): Attribute => {
    if (typeof value === 'string') return symbolic.test(value) ? valueOf(value, sizes) : value;
    return Array.isArray(value) ? value.map(concrete) : value;
  };
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, concrete(value)]));
}

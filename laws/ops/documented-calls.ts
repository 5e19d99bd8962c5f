/** The documented examples of cards as calls: tensors to feed, options to pass, and the value to expect. */

import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { apply } from '../../compiler/op/call/apply.ts';
import type { Card } from '../../compiler/op/card.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { InputSpec } from '../../compiler/op/specs.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { DType } from '../../dsl/tensor.ts';
import { LawBroken } from '../law-test.ts';

/** One example of a card, ready to be called again on other values. */
export interface DocumentedCall {
  readonly card: Card;
  readonly inputs: readonly { readonly name: string; readonly leaf: Node; readonly values: Values }[];
  readonly node: Node;
  readonly result: unknown;
  readonly text: string;
}

type Nested = number | boolean | readonly Nested[];

const isNested = (value: unknown): value is Nested =>
  typeof value === 'number' || typeof value === 'boolean' || (Array.isArray(value) && value.every(isNested));

/** Nested numbers in row-major order. */
export function flat(value: unknown): number[] {
  return Array.isArray(value) ? value.flatMap(flat) : [Number(value)];
}

function shapeOf(value: Nested): number[] {
  return typeof value === 'object' ? [value.length, ...(value.length > 0 ? shapeOf(value[0]!) : [])] : [];
}

function dtypeOf(value: Nested, { accepts }: InputSpec): DType {
  const sample = [value].flat(9)[0];
  if (typeof sample === 'boolean') return 'bool';
  return accepts.includes('float32') ? 'float32' : accepts[0]!;
}

/** An example value as a leaf to feed, beside what it holds. */
function leafOf(name: string, value: Nested, spec: InputSpec) {
  const values: Values = {
    dtype: dtypeOf(value, spec),
    shape: shapeOf(value),
    data: Float64Array.from(flat(value)),
  };
  return { name, leaf: input(name, values.shape, values.dtype), values };
}

/** The examples of a card, called on leaves. Plain numbers stay plain, so that promotion is tried too. */
export function documentedCalls(card: Card): DocumentedCall[] {
  return card.examples.map(([args, result], number) => {
    const specs = Object.entries(card.inputs);
    const inputs: DocumentedCall['inputs'][number][] = [];
    const leaf = (name: string, value: unknown, spec: InputSpec): Node | number | boolean => {
      if (!isNested(value)) throw new LawBroken(`example ${number} of ${card.name} has no value for ${name}`);
      if (typeof value !== 'object' && !(card.kind === 'random' || card.kind === 'update')) return value;
      const made = leafOf(name, value, spec);
      inputs.push(made);
      return made.leaf;
    };
    const given = args.map((value, i) => {
      const [name, spec] = specs[i] ?? [];
      if (!name || !spec) return value;
      if (!spec.list) return leaf(name, value, spec);
      return (value as readonly unknown[]).map((item, k) => leaf(`${name}${k}`, item, spec));
    });
    return {
      card,
      inputs,
      node: nodeOf(apply(card, given)),
      result,
      text: `${card.name}, example ${number}`,
    };
  });
}

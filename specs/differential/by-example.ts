/** Arguments shaped like a card's own example: at least these fit, whatever the card asks of its inputs. */
import { typeOf } from '../../compiler/ir/node.ts';
import type { Card } from '../../compiler/op/card.ts';
import type { DType } from '../../dsl/tensor.ts';
import type { Choices } from './choices.ts';
import type { Growth } from './growth.ts';

export function byExample(card: Card, growth: Growth, choices: Choices): unknown[] | undefined {
  if (card.examples.length === 0) return undefined;
  const [call] = choices.of(card.examples);
  const specs = Object.entries(card.inputs);
  return call.map((argument, i) => {
    const [name, spec] = specs[i] ?? [];
    if (name === undefined || !spec) return argument;
    const shaped = (like: unknown): unknown => {
      const node = growth.exactly(dtypeOf(like, spec.accepts), shapeOf(like), choices);
      return spec.accepts.includes(typeOf(node).dtype) ? growth.tamed(node, card.domain[name]) : node;
    };
    return spec.list && Array.isArray(argument) ? argument.map(shaped) : shaped(argument);
  });
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...(value.length > 0 ? shapeOf(value[0]) : [])] : [];
}

function dtypeOf(value: unknown, accepts: readonly DType[]): DType {
  const first = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY)[0] : value;
  return typeof first === 'boolean' && accepts.includes('bool') ? 'bool' : accepts[0]!;
}

/** Which elements of its operands an element of a node was made of: the way back through a graph, number by number. */
import { foldedAxes, indexedAxis, pairsOf } from '../../../compiler/ir/facts.ts';
import { byName } from '../../../compiler/ir/inputs.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import type { Sizes } from '../../../compiler/ir/symbols.ts';
import { concreteAttributes } from '../../../compiler/ir/symbols.ts';
import type { Kind } from '../../../compiler/op/card.ts';
import type { Values } from '../../../compiler/op/values.ts';
import { offsetOf, tabulate } from '../../../compiler/op/values.ts';

/** One number of a node, by its place in row-major order. */
export interface Element {
  readonly node: Node;
  readonly at: number;
}

/** An element of an operand; `operand` counts the node's inputs. */
export interface Part extends Element {
  readonly operand: number;
}

/** The values of a step: of each node that it computed, at the sizes of its batch. */
export interface Computed {
  readonly of: (node: Node) => Values;
  readonly sizes: Sizes;
}

const toldApart: ReadonlySet<Kind> = new Set([
  'leaf',
  'random',
  'map',
  'zip',
  'reduce',
  'contract',
  'move',
  'gather',
]);

/** Whether `madeOf` tells the elements of a node apart. */
export function isTold({ card }: Node): boolean {
  return toldApart.has(card.kind);
}

export function numberAt({ node, at }: Element, computed: Computed): number {
  return computed.of(node).data[at] ?? Number.NaN;
}

export function coordinatesOf(shape: readonly number[], at: number): number[] {
  let rest = at;
  return shape
    .toReversed()
    .map((size) => {
      const coordinate = rest % size;
      rest = (rest - coordinate) / size;
      return coordinate;
    })
    .reverse();
}

/**
 * The operands' elements behind an element, in their order; none of a leaf and of what draws at random. Exact but for
 * sums over windows and by index, where it is all elements of all operands: there each of them may be part.
 */
export function madeOf({ node, at }: Element, computed: Computed): Part[] {
  switch (node.card.kind) {
    case 'leaf':
    case 'random':
      return [];
    case 'map':
    case 'zip':
      return node.inputs.map((input, operand) => ({ node: input, operand, at }));
    case 'reduce':
      return folded(node, at, computed);
    case 'contract':
      return multiplied(node, at, computed);
    case 'move':
      return moved(node, at, computed);
    case 'gather':
      return picked(node, at, computed);
    default:
      return node.inputs.flatMap((input, operand) =>
        Array.from(computed.of(input).data, (_, each) => ({ node: input, operand, at: each })),
      );
  }
}

function folded(node: Node, at: number, computed: Computed): Part[] {
  const [input] = node.inputs;
  if (!input) return [];
  const { shape } = computed.of(input);
  const gone = foldedAxes(node);
  const result = computed.of(node).shape;
  const place = coordinatesOf(result, at);
  // A result that keeps its folded axes has them with size 1.
  const kept = result.length === shape.length ? place.filter((_, axis) => !gone.includes(axis)) : place;
  const start = shape.map(() => 0);
  let next = 0;
  for (const axis of shape.keys()) if (!gone.includes(axis)) start[axis] = kept[next++] ?? 0;
  return walked(shape, start, gone).map((each) => ({ node: input, operand: 0, at: each }));
}

function multiplied(node: Node, at: number, computed: Computed): Part[] {
  const { batch, over } = pairsOf(node);
  const place = coordinatesOf(computed.of(node).shape, at);
  let free = batch[0].length;
  const sides = node.inputs.map((input, operand) => {
    const { shape } = computed.of(input);
    const [batched, summed] = [batch[operand] ?? [], over[operand] ?? []];
    const start = shape.map((_, axis) => {
      if (summed.includes(axis)) return 0;
      const paired = batched.indexOf(axis);
      return place[paired < 0 ? free++ : paired] ?? 0;
    });
    return walked(shape, start, summed).map((each) => ({ node: input, operand, at: each }));
  });
  return sides.flat();
}

/** The places reached from `start` along some axes, the last of them fastest. */
function walked(shape: readonly number[], start: readonly number[], axes: readonly number[]): number[] {
  const at = [...start];
  const depths = axes.map((axis) => shape[axis] ?? 0);
  return Array.from(
    tabulate('float32', depths, (steps) => {
      axes.forEach((axis, i) => {
        at[axis] = steps[i] ?? 0;
      });
      return offsetOf(shape, at);
    }).data,
  );
}

function moved(node: Node, at: number, computed: Computed): Part[] {
  const { card, inputs, attributes } = node;
  if (card.kind === 'composite' || !card.movement) throw new Error(`internal: ${card.name} does not move`);
  const values = inputs.map(computed.of);
  const type = computed.of(node);
  const movement = card.movement(byName(card, values), concreteAttributes(attributes, computed.sizes), type);
  if (movement.as === 'reshape') return inputs.map((input, operand) => ({ node: input, operand, at }));
  const place = coordinatesOf(type.shape, at);
  if (movement.as === 'view') {
    const { axes, starts, steps } = movement;
    return inputs.map((input, operand) => {
      const { shape } = computed.of(input);
      const from = shape.map((_, axis) => starts?.[axis] ?? 0);
      for (const [o, axis] of axes.entries())
        if (axis !== null) from[axis] = (from[axis] ?? 0) + (steps?.[o] ?? 1) * (place[o] ?? 0);
      return { node: input, operand, at: offsetOf(shape, from) };
    });
  }
  return inputs.flatMap((input, operand) => {
    const { shape } = computed.of(input);
    const from = shape.map((_, axis) => {
      const offset = (place[axis] ?? 0) - (movement.starts[operand]?.[axis] ?? 0);
      return offset / (movement.steps?.[operand]?.[axis] ?? 1);
    });
    const isInside = from.every(
      (each, axis) => Number.isInteger(each) && each >= 0 && each < (shape[axis] ?? 0),
    );
    return isInside ? [{ node: input, operand, at: offsetOf(shape, from) }] : [];
  });
}

function picked(node: Node, at: number, computed: Computed): Part[] {
  const [source, indices] = node.inputs;
  if (!source || !indices) return [];
  const { shape } = computed.of(source);
  const axis = indexedAxis(node, shape.length);
  const place = coordinatesOf(computed.of(node).shape, at);
  const numbers = computed.of(indices);
  const depth = numbers.shape.length;
  const chosen = offsetOf(numbers.shape, place.slice(axis, axis + depth));
  const index = Math.min(Math.max(numbers.data[chosen] ?? 0, 0), (shape[axis] ?? 1) - 1);
  const from = [...place.slice(0, axis), index, ...place.slice(axis + depth)];
  return [
    { node: source, operand: 0, at: offsetOf(shape, from) },
    { node: indices, operand: 1, at: chosen },
  ];
}

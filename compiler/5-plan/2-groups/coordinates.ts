/** Which element of a value a kernel's loops are at: one affine term for each axis. */
import type { Dim, Shape } from '../../../dsl/tensor.ts';
import { product, stridesOf } from '../../ir/dim.ts';
import type { Node, TensorType } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { View } from '../../op/card.ts';
import { movementOf } from '../1-values/alias.ts';

/** coordinate = start + Σ step · (index of loop). Windows have two loops on one axis: where they lie, and within. */
export interface AxisCoordinate {
  readonly terms: readonly { readonly loop: number; readonly step: number }[];
  readonly start: number;
}

export type Coordinates = readonly AxisCoordinate[];

/** An axis that no loop moves along. */
export function fixed(start: number): AxisCoordinate {
  return { terms: [], start };
}

const still = fixed(0);

/** Each axis follows the given loop; axes of size one stand still, so that equal elements have equal coordinates. */
export function following(shape: Shape, loops: readonly (number | null)[]): Coordinates {
  return loops.map((loop, axis) =>
    loop === null || shape[axis] === 1 ? still : { terms: [{ loop, step: 1 }], start: 0 },
  );
}

export function sameCoordinates(a: Coordinates, b: Coordinates): boolean {
  return a.length === b.length && coordinatesKey(a) === coordinatesKey(b);
}

/** A key under which equal coordinates meet. */
export function coordinatesKey(coordinates: Coordinates): string {
  return coordinates
    .map(({ terms, start }) => `${terms.map(({ loop, step }) => `${loop}*${step}`).join('+')}:${start}`)
    .join(',');
}

/** Seen through a view: the coordinates in its input of the element at `coordinates` in its output, if it is one. */
export function throughView(node: Node, coordinates: Coordinates): Coordinates | undefined {
  const movement = movementOf(node);
  if (!movement) return undefined;
  const from = typeOf(node.inputs[0]!).shape;
  if (movement.as === 'reshape') return throughUnitAxes(from, typeOf(node).shape, coordinates);
  return movement.as === 'view' ? seenIn(from, movement, coordinates) : undefined;
}

/** The coordinates, in a tensor of shape `from`, of what a view of it shows at `coordinates`. */
export function seenIn(from: Shape, view: View, coordinates: Coordinates): Coordinates {
  return from.map((size, axis) => {
    if (size === 1) return still;
    const start = view.starts?.[axis] ?? 0;
    return view.axes.reduce<AxisCoordinate>((sum, walked, o) => {
      if (walked !== axis) return sum;
      const step = view.steps?.[o] ?? 1;
      const outer = coordinates[o]!;
      const terms = outer.terms.map((term) => ({ loop: term.loop, step: term.step * step }));
      return { terms: [...sum.terms, ...terms], start: sum.start + outer.start * step };
    }, fixed(start));
  });
}

/** A reshape that only adds or drops axes of size one keeps coordinates apart; any other mixes them. */
function throughUnitAxes(from: Shape, to: Shape, coordinates: Coordinates): Coordinates | undefined {
  const kept = to.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const wanted = from.flatMap((size) => (size === 1 ? [] : [size]));
  if (kept.length !== wanted.length || kept.some((axis, i) => to[axis] !== wanted[i])) return undefined;
  let next = 0;
  return from.map((size) => (size === 1 ? still : coordinates[kept[next++]!]!));
}

/** A way from the start of memory that is known only when the program runs: `count · stride`, on an axis of `limit`. */
export interface FarStart {
  readonly count: number;
  readonly stride: Dim;
  readonly limit: Dim;
}

/** Element strides for each of `loops` loops, and where they start, of coordinates in row-major memory of a shape. */
export function addressing(
  { shape }: Pick<TensorType, 'shape'>,
  coordinates: Coordinates,
  loops: number,
): { strides: Dim[]; offset: number; far: FarStart[] } {
  const memory = stridesOf(shape);
  const strides: Dim[] = Array.from({ length: loops }, () => 0);
  const far: FarStart[] = [];
  let offset = 0;
  coordinates.forEach(({ terms, start }, axis) => {
    const stride = memory[axis]!;
    for (const { loop, step } of terms) strides[loop] = sumDims(strides[loop]!, product([step, stride]));
    if (start === 0) return;
    if (typeof stride === 'number') offset += start * stride;
    else far.push({ count: start, stride, limit: shape[axis]! });
  });
  return { strides, offset, far };
}

/** Two axes on one loop (a diagonal) add up; sizes known or equal in form. */
function sumDims(a: Dim, b: Dim): Dim {
  if (a === 0) return b;
  if (b === 0) return a;
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  throw new Error('internal: a diagonal over a symbolic axis');
}

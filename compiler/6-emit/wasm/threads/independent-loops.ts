/** Which loops of a kernel threads can divide among them: those whose iterations never meet at an element. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { Access, Region, Stage } from '../../../5-plan/plan.ts';
import { inBatch } from '../../../ir/dim.ts';

/** What a kernel touches, with the loops that its strides go by. */
export interface Touched {
  readonly extents: readonly Dim[];
  readonly stages: readonly Pick<Stage, 'body' | 'stores'>[];
  /** Regions that are read besides: the sides of a contraction. */
  readonly operands: readonly number[];
}

/** Whether no iteration of `loop` writes what another iteration of it reads or writes, for any batch up to the capacity. */
export function isSeparate(
  loop: number,
  { extents, stages, operands }: Touched,
  regions: readonly Region[],
  capacity: number,
): boolean {
  const stores = stages.flatMap((stage) => stage.stores.map(({ access }) => access));
  const reads = stages.flatMap(({ body }) =>
    body.flatMap((step) => (step.kind === 'read' ? [step.access] : [])),
  );
  const meet = (a: number, b: number): boolean => a === b || overlap(regions[a]!, regions[b]!);
  if (operands.some((operand) => stores.some(({ region }) => meet(operand, region)))) return false;
  return stores.every((store) => {
    const neighbours = [...reads, ...stores].filter(({ region }) => meet(store.region, region));
    const walks = neighbours.map((access) => walkOf(access, loop, extents, regions));
    // With fixed strides, fewer rows only reach less far.
    const hasFixedStrides = walks.every(({ moves }) => moves.every(({ stride }) => stride.power === 0));
    for (let rows = hasFixedStrides ? capacity : 1; rows <= capacity; rows++)
      if (!isApart(walks, rows)) return false;
    return true;
  });
}

function overlap(a: Region, b: Region): boolean {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

type Size = ReturnType<typeof inBatch>;

const at = ({ factor, power }: Size, rows: number): number => factor * rows ** power;

interface Move {
  readonly stride: Size;
  readonly iterations: Size;
}

/** An access as it moves over memory, in elements; what it looks up may be anything within its limits. */
interface Walk {
  readonly start: number;
  readonly own: Move;
  readonly moves: readonly Move[];
}

function walkOf(access: Access, loop: number, extents: readonly Dim[], regions: readonly Region[]): Walk {
  const moves = access.strides.map((stride, i) => ({
    stride: inBatch(stride),
    iterations: inBatch(extents[i]!),
  }));
  const looked = (access.lookups ?? []).map(({ stride, limit }) => ({
    stride: inBatch(stride),
    iterations: inBatch(limit),
  }));
  return {
    start: regions[access.region]!.offset / 4 + access.offset,
    own: moves[loop]!,
    moves: [...moves.filter((_, i) => i !== loop), ...looked],
  };
}

/**
 * Whether different iterations lead to different elements. In one iteration, short moves keep all walks within a window; the next
 * iteration's begins behind it. Long moves go by multiples of a distance that the windows of all iterations together do not fill.
 */
function isApart(walks: readonly Walk[], rows: number): boolean {
  const { stride, iterations } = walks[0]!.own;
  const step = at(stride, rows);
  const pace = Math.abs(step);
  if (pace === 0 || walks.some(({ own }) => at(own.stride, rows) !== step)) return false;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let distance = 0;
  for (const { start, moves } of walks) {
    let [first, last] = [start, start];
    for (const move of moves) {
      const length = at(move.stride, rows);
      const reach = length * Math.max(0, at(move.iterations, rows) - 1);
      if (reach === 0) continue;
      if (Math.abs(length) >= pace) distance = commonDivisor(distance, Math.abs(length));
      else if (reach > 0) last += reach;
      else first += reach;
    }
    low = Math.min(low, first);
    high = Math.max(high, last);
  }
  const window = high - low;
  const all = pace * Math.max(0, at(iterations, rows) - 1) + window;
  return window < pace && (distance === 0 || all < distance);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

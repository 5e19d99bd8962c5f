/** Chooses the loop whose iterations are taken four at a time, by a rough count of instructions; from sizes alone. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { Scalar } from '../../../op/scalar.ts';
import type { KernelValues, Place } from '../scalar/values.ts';
import type { Nest } from './loop-nest.ts';
import { Placement } from './placement.ts';
import { isBackward, known } from './sizes.ts';

export interface Vectorisation {
  readonly placement: Placement;
  /** Vectors in one iteration: 1, 2 or 4. */
  readonly unroll: number;
}

/** What a size is taken for when it is decided per run. */
const typicalRows = 64;

const guess = (dim: Dim): number => known(dim) ?? typicalRows;

export function vectorise(nest: Nest, values: KernelValues): Vectorisation {
  const candidates = new Set([nest.loops.length - 1, nest.outer - 1].filter((loop) => loop >= 0));
  let best = { placement: placed(nest, values, undefined), unroll: 1 };
  let lowest = cost(nest, values, best.placement);
  for (const loop of candidates) {
    const placement = placed(nest, values, loop);
    if (!isAllowed(nest, values, placement, loop)) continue;
    const its = cost(nest, values, placement);
    if (its >= lowest) continue;
    lowest = its;
    best = { placement, unroll: unrollOf(nest, values, placement, loop) };
  }
  return best;
}

function placed({ loops, outer }: Nest, values: KernelValues, vectorLoop: number | undefined): Placement {
  return new Placement(values, {
    levelOf: (loop) => loop + 1,
    stageLevel: (stage) => (values.stages[stage]!.over === 'outer' ? outer : loops.length),
    foldLevel: outer,
    vectorLoop,
    foldsVary: vectorLoop !== undefined && vectorLoop < outer,
  });
}

function isAllowed(
  { loops, outer }: Nest,
  values: KernelValues,
  placement: Placement,
  loop: number,
): boolean {
  const partial = typeof loops[loop] !== 'number' || loops[loop] % 4 !== 0;
  // Idle lanes read ahead, which is harmless up to the slack behind memory, but not before its start.
  if (partial && placesOf(values).some(({ strides }) => isBackward(strides[loop]!))) return false;
  // What is added up in memory is added in the order of the loops: only the innermost may be taken in fours.
  return values.stages.every(({ over, stores }) =>
    stores.every(({ add, place }) => {
      if (!add) return true;
      const innermost = over === 'inner' ? loops.length - 1 : outer - 1;
      return loop === innermost && placement.placeVaries(place);
    }),
  );
}

function placesOf(values: KernelValues): Place[] {
  const stored = values.stages.flatMap(({ stores }) => stores.map(({ place }) => place));
  return [...stored, ...values.reads().map(({ place }) => place)];
}

/** The values of a stage that are computed at each of its iterations. */
function perIteration(values: KernelValues, placement: Placement, stage: number): Scalar[] {
  const depth = placement.stageLevel(stage);
  return [...values.reach(values.stages[stage]!)].filter(
    (value) => value.op !== 'constant' && placement.level(value) === depth,
  );
}

function placeCost(placement: Placement, place: Place): number {
  if (placement.vectorLoop === undefined || placement.isContiguous(place)) return 1;
  return placement.placeVaries(place) ? (place.lookup ? 12 : 8) : 1;
}

function iterationCost(values: KernelValues, placement: Placement, stage: number): number {
  const { stores } = values.stages[stage]!;
  const computed = perIteration(values, placement, stage).map((value) => {
    const source = value.op === 'read' ? values.source(value) : undefined;
    return source?.kind === 'read'
      ? placeCost(placement, source.place)
      : value.op === 'divS' || value.op === 'remS'
        ? 12
        : 1;
  });
  const stored = stores.map(({ place }) => placeCost(placement, place));
  return [...computed, ...stored].reduce((sum, item) => sum + item, 1);
}

function cost({ loops, outer }: Nest, values: KernelValues, placement: Placement): number {
  const { vectorLoop } = placement;
  const iterations = (from: number, to: number): number =>
    loops.slice(from, to).reduce<number>((all, dim, i) => {
      const size = guess(dim);
      return all * (from + i === vectorLoop ? Math.ceil(size / 4) : size);
    }, 1);
  return values.stages.reduce((sum, { over, folds }, stage) => {
    const inner = over === 'inner' ? iterations(outer, loops.length) : 1;
    const folded = vectorLoop !== undefined && vectorLoop >= outer ? 8 * folds.length : 0;
    return sum + iterations(0, outer) * (inner * iterationCost(values, placement, stage) + folded);
  }, 0);
}

/** Short bodies are repeated to hide the loop's own cost and, in folds, the wait for the sum before. */
function unrollOf(nest: Nest, values: KernelValues, placement: Placement, loop: number): number {
  const costs = values.stages.map((_, stage) => iterationCost(values, placement, stage));
  const highest = Math.max(...costs);
  const hasFolds = values.stages.some(({ folds }) => folds.length > 0);
  let unroll = highest <= 8 ? 4 : highest <= (hasFolds ? 32 : 16) ? 2 : 1;
  const size = known(nest.loops[loop]!);
  while (unroll > 1 && size !== undefined && size < 4 * unroll) unroll /= 2;
  return unroll;
}

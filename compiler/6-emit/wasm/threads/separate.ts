/** Which loops of a kernel threads can divide among them: those whose turns never meet at an element. */
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

/** Whether no turn of `loop` writes what another turn of it reads or writes, for any batch up to the capacity. */
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
  const meet = (a: number, b: number): boolean => overlap(regions[a]!, regions[b]!);
  if (operands.some((operand) => stores.some(({ region }) => meet(operand, region)))) return false;
  return stores.every(
    (store) =>
      [...reads, ...stores].every(
        (other) => !meet(store.region, other.region) || isSamePlace(store, other, regions),
      ) && isApart(loop, extents, store, capacity),
  );
}

function overlap(a: Region, b: Region): boolean {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

/** Whether both walk over the same elements in step, but for what they look up. */
function isSamePlace(a: Access, b: Access, regions: readonly Region[]): boolean {
  const start = ({ region, offset }: Access): number => regions[region]!.offset + 4 * offset;
  const reach = ({ lookups }: Access): string =>
    (lookups ?? []).map(({ stride, limit }) => `${stride} ${limit}`).join();
  return start(a) === start(b) && a.strides.join() === b.strides.join() && reach(a) === reach(b);
}

/** Whether different turns of the loop lead to different elements, whatever the other loops and the lookups do. */
function isApart(loop: number, extents: readonly Dim[], access: Access, capacity: number): boolean {
  const looked = access.lookups ?? [];
  const strides = [...access.strides, ...looked.map(({ stride }) => stride)].map(inBatch);
  const counts = [...extents, ...looked.map(({ limit }) => limit)].map(inBatch);
  const at = ({ factor, power }: { factor: number; power: number }, rows: number): number =>
    factor * rows ** power;
  const isApartAt = (rows: number): boolean => {
    const moves = strides
      .map((stride, i) => ({
        own: i === loop,
        step: Math.abs(at(stride, rows)),
        turns: at(counts[i]!, rows),
      }))
      .filter(({ own, step, turns }) => own || (step !== 0 && turns > 1))
      .sort((a, b) => a.step - b.step);
    // Like the digits of a number: each step is longer than all that the shorter ones reach.
    let reach = 0;
    return moves.every(({ step, turns }) => {
      const apart = step > reach;
      reach += step * Math.max(0, turns - 1);
      return apart;
    });
  };
  // With fixed strides, fewer rows only reach less far.
  if (strides.every(({ power }) => power === 0)) return isApartAt(capacity);
  for (let rows = 1; rows <= capacity; rows++) if (!isApartAt(rows)) return false;
  return true;
}

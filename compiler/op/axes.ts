/** Axes as users count them, from either end, made into axes counted from the front. */
import { SHP203 } from '../diagnostics/shape.ts';
import { TypeMismatch } from './mismatch.ts';

/** An axis counted from the front; SHP203 if a tensor of this rank has no such axis. */
export function axisOf(at: number, rank: number, op: string): number {
  if (at >= -rank && at < rank) return at < 0 ? at + rank : at;
  throw new TypeMismatch({
    code: SHP203,
    message: `${op} cannot find axis ${at} in a tensor of ${rank} ${rank === 1 ? 'axis' : 'axes'}`,
    blame: 0,
    label: `axis ${at} does not exist`,
    expected: rank === 0 ? 'a tensor with axes' : `an axis from ${-rank} to ${rank - 1}`,
    received: `axis ${at}`,
  });
}

/** Axes counted from the front, ascending; null is all of them; none may be named twice. */
export function axesOf(axes: number | readonly number[] | null, rank: number, op: string): number[] {
  if (axes === null) return Array.from({ length: rank }, (_, axis) => axis);
  const list = [axes].flat().map((axis) => axisOf(axis, rank, op));
  const twice = list.find((axis, i) => list.indexOf(axis) !== i);
  if (twice !== undefined) {
    throw new TypeMismatch({
      code: SHP203,
      message: `${op} names axis ${twice} twice`,
      expected: 'each axis once',
      received: `axes ${JSON.stringify(axes)}`,
    });
  }
  return list.sort((a, b) => a - b);
}

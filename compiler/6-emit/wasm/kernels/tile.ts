/** The heart of a contraction: a tile of accumulators in registers, summed strictly in order of depth. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { FunctionBody, Local } from '../function.ts';
import type { Sizes } from '../sizes.ts';
import { repeat, whileLeft } from '../turns.ts';

export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  readonly depth: Dim;
  readonly type: 'f32' | 'i32';
  /** Address of the first row's first element, and bytes to the next row and the next depth. */
  readonly left: Local;
  readonly rowBytes: number;
  readonly leftStep: number;
  /** Address of the first vector, and bytes to the next depth. */
  readonly right: Local;
  readonly rightStep: number;
}

/** Depths written out in one turn of the loop. */
const unroll = 4;

/** Gives the accumulators, row by row; the caller releases them. */
export function emitTile(f: FunctionBody, sizes: Sizes, tile: Tile): Local[][] {
  const accumulators = Array.from({ length: tile.rows }, () =>
    Array.from({ length: tile.vectors }, () => {
      const local = f.local('v128');
      f.v128([0, 0, 0, 0]);
      f.set(local);
      return local;
    }),
  );
  const left = f.local('i32');
  const right = f.local('i32');
  f.get(tile.left);
  f.set(left);
  f.get(tile.right);
  f.set(right);
  const steps = (count: number): void => {
    for (let depth = 0; depth < count; depth++) emitStep(f, tile, accumulators, left, right, depth);
    bump(f, left, tile.leftStep * count);
    bump(f, right, tile.rightStep * count);
  };
  if (typeof tile.depth === 'number') {
    repeat(f, Math.floor(tile.depth / unroll), () => steps(unroll));
    if (tile.depth % unroll > 0) steps(tile.depth % unroll);
  } else {
    const rest = f.local('i32');
    sizes.push(tile.depth);
    f.set(rest);
    whileLeft(f, rest, unroll, () => steps(unroll));
    whileLeft(f, rest, 1, () => steps(1));
    f.release(rest);
  }
  f.release(left);
  f.release(right);
  return accumulators;
}

function emitStep(
  f: FunctionBody,
  tile: Tile,
  accumulators: readonly (readonly Local[])[],
  left: Local,
  right: Local,
  depth: number,
): void {
  const columns = Array.from({ length: tile.vectors }, (_, vector) => {
    const local = f.local('v128');
    f.get(right);
    f.op('v128.load', { offset: depth * tile.rightStep + 16 * vector });
    f.set(local);
    return local;
  });
  const factor = f.local('v128');
  for (const [row, sums] of accumulators.entries()) {
    f.get(left);
    f.op('v128.load32_splat', { offset: row * tile.rowBytes + depth * tile.leftStep });
    f.set(factor);
    for (const [vector, sum] of sums.entries()) {
      f.get(sum);
      f.get(factor);
      f.get(columns[vector]!);
      f.op(`${tile.type}x4.mul`);
      f.op(`${tile.type}x4.add`);
      f.set(sum);
    }
  }
  f.release(factor);
  for (const local of columns) f.release(local);
}

function bump(f: FunctionBody, local: Local, bytes: number): void {
  f.get(local);
  f.i32(bytes);
  f.op('i32.add');
  f.set(local);
}

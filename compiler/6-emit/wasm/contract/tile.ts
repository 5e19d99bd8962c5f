/** The heart of a contraction: a tile of accumulators in registers, summed strictly in order of depth. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import { iterate } from '../loops/counted-loops.ts';
import type { Sizes } from '../loops/sizes.ts';

export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  readonly depth: Dim;
  readonly type: 'f32' | 'i32';
  /** Of floats: the host may round once where it would round twice. */
  readonly isRelaxed: boolean;
  /** Address of the first row's first element, and bytes to the next row and the next depth. */
  readonly left: Local;
  readonly rowBytes: number;
  readonly leftStep: number;
  /** Address of the first vector, and bytes to the next depth. */
  readonly right: Local;
  readonly rightStep: number;
}

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
  // One depth an iteration: the host's compiler puts all loads of a longer body first and runs out of registers.
  iterate(f, sizes, tile.depth, () => {
    emitDepth(f, tile, accumulators, left, right);
    bump(f, left, tile.leftStep);
    bump(f, right, tile.rightStep);
  });
  f.release(left);
  f.release(right);
  return accumulators;
}

function emitDepth(
  f: FunctionBody,
  tile: Tile,
  accumulators: readonly (readonly Local[])[],
  left: Local,
  right: Local,
): void {
  const columns = Array.from({ length: tile.vectors }, (_, vector) => {
    const local = f.local('v128');
    f.get(right);
    f.op('v128.load', { offset: 16 * vector });
    f.set(local);
    return local;
  });
  const factor = f.local('v128');
  for (const [row, sums] of accumulators.entries()) {
    f.get(left);
    f.op('v128.load32_splat', { offset: row * tile.rowBytes });
    f.set(factor);
    for (const [vector, sum] of sums.entries()) {
      if (tile.isRelaxed && tile.type === 'f32') {
        for (const local of [factor, columns[vector]!, sum]) f.get(local);
        f.op('f32x4.relaxed_madd');
      } else {
        for (const local of [sum, factor, columns[vector]!]) f.get(local);
        f.op(`${tile.type}x4.mul`);
        f.op(`${tile.type}x4.add`);
      }
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

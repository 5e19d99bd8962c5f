/** Emits counted loops, with no counting at all where one iteration is known to be enough. */
import type { Dim } from '../../../../dsl/tensor.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import type { Sizes } from './sizes.ts';

/** Runs `body` a known number of times. */
export function repeat(f: FunctionBody, count: number, body: () => void): void {
  if (count === 0) return;
  if (count === 1) {
    body();
    return;
  }
  const left = f.local('i32');
  f.i32(count);
  f.set(left);
  countDown(f, left, 1, body);
  f.release(left);
}

/** Runs `body` as often as the size, or the local, says. */
export function iterate(f: FunctionBody, sizes: Sizes, size: Dim | Local, body: () => void): void {
  if (typeof size === 'number') {
    repeat(f, size, body);
    return;
  }
  const left = f.local('i32');
  sizes.push(size);
  f.set(left);
  whileLeft(f, left, 1, body);
  f.release(left);
}

/** Runs `body` while at least `least` are left, taking `step` (by default that many) from what is left each time. */
export function whileLeft(f: FunctionBody, left: Local, least: number, body: () => void, step = least): void {
  const enough = (): void => {
    f.get(left);
    f.i32(least);
    f.op('i32.ge_s');
  };
  enough();
  f.if(() => {
    f.loop((again) => {
      body();
      f.get(left);
      f.i32(step);
      f.op('i32.sub');
      f.set(left);
      enough();
      f.branchIf(again);
    });
  });
}

function countDown(f: FunctionBody, left: Local, step: number, body: () => void): void {
  f.loop((again) => {
    body();
    f.get(left);
    f.i32(step);
    f.op('i32.sub');
    f.tee(left);
    f.branchIf(again);
  });
}

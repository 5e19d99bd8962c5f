/** Emits the functions by which threads divide work and meet: shares of a loop, and the barrier. */
import { FunctionBody } from '../assembler/function.ts';

/** Words that threads meet at, in bytes from `env.control`, each on a cache line of its own; zero at first. */
export const barrierWords = {
  /** Threads that have come to the barrier. */
  arrived: 0,
  /** Goes up each time that all have come. */
  generation: 64,
  /** Threads that sleep until it does. */
  asleep: 128,
  /** Not zero when a thread has failed: nobody waits for it any more. */
  failed: 192,
} as const;

/** Bytes that the barrier's words take. */
export const barrierBytes = 256;

/** How often a thread looks again before it goes to sleep: some tens of microseconds, as long as waking one takes. */
const looks = 20_000;

/** (size, grain, share, shares) → where share number `share` of the loop begins, and the one before it ends. */
export function emitShareStart(): FunctionBody {
  const f = new FunctionBody({ takes: ['i32', 'i32', 'i32', 'i32'], gives: ['i32'] });
  const [size, grain, share, shares] = f.params;
  const start = f.local('i32');
  f.get(size!);
  f.get(grain!);
  f.op('i32.add');
  f.i32(1);
  f.op('i32.sub');
  f.get(grain!);
  f.op('i32.div_s');
  f.get(share!);
  f.op('i32.mul');
  f.get(shares!);
  f.op('i32.div_s');
  f.get(grain!);
  f.op('i32.mul');
  f.tee(start);
  f.get(size!);
  f.get(start);
  f.get(size!);
  f.op('i32.lt_s');
  f.select();
  return f;
}

/** (threads) → nothing, when all of them have come. Traps when a thread has failed. */
export function emitBarrier(control: number): FunctionBody {
  const f = new FunctionBody({ takes: ['i32'], gives: [] });
  const [threads] = f.params;
  const at = f.local('i32');
  const generation = f.local('i32');
  const left = f.local('i32');
  const load = (offset: number): void => {
    f.get(at);
    f.op('i32.atomic.load', { offset });
  };
  /** Leaves what the word was before. */
  const add = (offset: number, value: number): void => {
    f.get(at);
    f.i32(value);
    f.op('i32.atomic.rmw.add', { offset });
  };
  const hasChanged = (): void => {
    load(barrierWords.generation);
    f.get(generation);
    f.op('i32.ne');
  };
  const last = (): void => {
    f.get(at);
    f.i32(0);
    f.op('i32.atomic.store', { offset: barrierWords.arrived });
    add(barrierWords.generation, 1);
    f.op('drop');
    load(barrierWords.asleep);
    f.if(() => {
      f.get(at);
      f.get(threads!);
      f.op('memory.atomic.notify', { offset: barrierWords.generation });
      f.op('drop');
    });
  };
  const spin = (): void => {
    f.i32(looks);
    f.set(left);
    f.loop((again) => {
      f.get(left);
      f.i32(1);
      f.op('i32.sub');
      f.set(left);
      hasChanged();
      f.op('i32.eqz');
      f.get(left);
      f.i32(0);
      f.op('i32.gt_s');
      f.op('i32.and');
      f.branchIf(again);
    });
  };
  const sleep = (): void => {
    add(barrierWords.asleep, 1);
    f.op('drop');
    f.loop((again) => {
      f.get(at);
      f.get(generation);
      f.waitForever(barrierWords.generation);
      f.op('drop');
      hasChanged();
      f.op('i32.eqz');
      f.branchIf(again);
    });
    add(barrierWords.asleep, -1);
    f.op('drop');
  };
  const others = (): void => {
    spin();
    // Who comes after another has failed has seen the last generation: nothing would wake it.
    load(barrierWords.failed);
    f.op('i32.eqz');
    hasChanged();
    f.op('i32.eqz');
    f.op('i32.and');
    f.if(sleep);
  };
  f.get(threads!);
  f.i32(1);
  f.op('i32.gt_s');
  f.if(() => {
    f.global(control, 'i32');
    f.set(at);
    load(barrierWords.generation);
    f.set(generation);
    add(barrierWords.arrived, 1);
    f.get(threads!);
    f.i32(1);
    f.op('i32.sub');
    f.op('i32.eq');
    f.set(left);
    f.get(left);
    f.if(last);
    f.get(left);
    f.op('i32.eqz');
    f.if(others);
    load(barrierWords.failed);
    f.if(() => f.op('unreachable'));
  });
  return f;
}

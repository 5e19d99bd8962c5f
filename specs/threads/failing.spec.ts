/** A thread that fails takes the others with it, and nobody waits for ever. */
import { expect, test } from 'vitest';
import { FunctionBody } from '../../compiler/6-emit/wasm/assembler/function.ts';
import { ModuleBuilder } from '../../compiler/6-emit/wasm/assembler/module.ts';
import { barrierWords, emitBarrier } from '../../compiler/6-emit/wasm/threads/barrier.ts';
import { compileModule } from '../../runtime/engines/wasm/webassembly.ts';
import { Team } from './team.ts';

/** `run(rows, threads)`: the thread whose number is the rows traps, the others go to the barrier. */
function trap(): object {
  const module = new ModuleBuilder();
  module.importGlobal('origin', 'i32');
  const thread = module.importGlobal('thread', 'i32');
  const barrier = module.add('barrier', emitBarrier(module.importGlobal('control', 'i32')));
  const run = new FunctionBody({ takes: ['i32', 'i32'], gives: [] });
  run.global(thread, 'i32');
  run.get(run.params[0]!);
  run.op('i32.eq');
  run.if(() => run.op('unreachable'));
  run.get(run.params[1]!);
  run.call(barrier.index, barrier.signature);
  module.export('run', module.add('run', run));
  return compileModule(module.finish('trap', 1, true));
}

const nobody = 99;

test('another thread', async () => {
  const team = new Team(3);
  const { run } = await team.start(trap());
  run(nobody);
  expect(() => run(2)).toThrow(/unreachable/);
  expect(run(2), 'from then on, this thread works alone').toBeUndefined();
  team.end();
});

/** `run(rows, threads)`: thread 2 traps, thread 1 goes to the barrier once that is known, and thread 0 not at all. */
function late(): object {
  const module = new ModuleBuilder();
  module.importGlobal('origin', 'i32');
  const thread = module.importGlobal('thread', 'i32');
  const control = module.importGlobal('control', 'i32');
  const barrier = module.add('barrier', emitBarrier(control));
  const run = new FunctionBody({ takes: ['i32', 'i32'], gives: [] });
  const isThread = (number: number): void => {
    run.global(thread, 'i32');
    run.i32(number);
    run.op('i32.eq');
  };
  isThread(2);
  run.if(() => run.op('unreachable'));
  isThread(1);
  run.if(() => {
    run.loop((again) => {
      run.global(control, 'i32');
      run.op('i32.atomic.load', { offset: barrierWords.failed });
      run.op('i32.eqz');
      run.branchIf(again);
    });
    run.get(run.params[1]!);
    run.call(barrier.index, barrier.signature);
  });
  module.export('run', module.add('run', run));
  return compileModule(module.finish('late', 1, true));
}

test('before the others have come to the barrier', async () => {
  const team = new Team(3);
  const { run } = await team.start(late());
  run(1);
  // Nothing is awaited here: the failure of thread 2 must not be told to this one, which would wake all.
  const until = (ms: number, isSo: () => boolean): boolean => {
    for (const start = performance.now(); performance.now() - start < ms; ) if (isSo()) return true;
    return false;
  };
  expect(
    until(10_000, () => team.word(barrierWords.arrived) === 1),
    'thread 1 has come',
  ).toBe(true);
  const sleeps = until(200, () => team.word(barrierWords.asleep) > 0);
  expect(sleeps, 'it waits for one that never comes').toBe(false);
  team.end();
});

test('this thread', async () => {
  const team = new Team(2);
  const { run } = await team.start(trap());
  run(nobody);
  expect(() => run(0)).toThrow(/unreachable/);
  team.end();
  expect(() => run(nobody)).not.toThrow();
});

test('a thread beside the caller’s, which waits for it', async () => {
  for (const thread of [0, 1]) {
    const team = new Team(2);
    const { runAside } = await team.start(trap(), true);
    await runAside!(nobody);
    await expect(runAside!(thread)).rejects.toThrow(/unreachable/);
    expect(runAside!(nobody), 'from then on, the caller’s thread works alone').toBeUndefined();
  }
});

/** What WebAssembly on this machine can compute at most: multiplications and additions on registers, no memory in sight. */
import { instance } from './matrix-product.mjs';

/** Independent sums: enough of them to hide the time that one takes. */
const chains = 12;
const turns = 50_000;
const unrolled = 4;

export async function peakProbe() {
  const { FunctionBody } = await import('../dist/compiler/6-emit/wasm/assembler/function.js');
  const { ModuleBuilder } = await import('../dist/compiler/6-emit/wasm/assembler/module.js');
  const f = new FunctionBody({ takes: ['i32'], gives: [] });
  const load = (offset) => {
    const local = f.local('v128');
    f.get(f.params[0]);
    f.op('v128.load', { offset });
    f.set(local);
    return local;
  };
  const [factor, term] = [load(0), load(16)];
  const sums = Array.from({ length: chains }, (_, i) => load(32 + 16 * i));
  const left = f.local('i32');
  f.i32(turns);
  f.set(left);
  f.loop((again) => {
    for (let turn = 0; turn < unrolled; turn++) {
      for (const sum of sums) {
        f.get(sum);
        f.get(factor);
        f.op('f32x4.mul');
        f.get(term);
        f.op('f32x4.add');
        f.set(sum);
      }
    }
    f.get(left);
    f.i32(1);
    f.op('i32.sub');
    f.tee(left);
    f.branchIf(again);
  });
  const result = 512;
  for (const [i, sum] of sums.entries()) {
    f.get(f.params[0]);
    f.get(sum);
    f.op('v128.store', { offset: result + 16 * i });
  }
  const module = new ModuleBuilder();
  module.importGlobal('origin', 'i32');
  module.export('run', module.add('peak', f));
  const { run, numbers } = instance(module.finish('peak', 1), 1);
  return {
    // A multiplication and an addition on four lanes.
    operations: turns * unrolled * chains * 8,
    run: () => {
      run(0);
      return numbers[result / 4];
    },
  };
}

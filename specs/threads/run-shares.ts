/** Runs the threads of a plan with one kernel one after the other, and looks at what each of them wrote. */
import type { Plan, Region } from '../../compiler/5-plan/plan.ts';
import { barrierBytes, barrierWords, emit, memoryNeeds } from '../../compiler/6-emit/wasm/index.ts';
import { compileModule, instantiate, webAssembly } from '../../runtime/engines/wasm/webassembly.ts';
import { elementsOf } from '../support/plan-interpreter.ts';

export interface Shares {
  /** The elements of every region in the end. */
  readonly values: number[][];
  /** By thread, the words of the plan that it changed. */
  readonly written: readonly ReadonlySet<number>[];
}

/** Nobody has to wait: each thread finds that all others have come to the barrier. */
export function runShares(
  plan: Plan,
  before: ReadonlyMap<number, ArrayLike<number>>,
  rows: number,
  order: readonly number[],
): Shares {
  const control = memoryNeeds(plan, order.length).bytes;
  const pages = Math.ceil((control + barrierBytes) / 65_536);
  const memory = new webAssembly!.Memory({ initial: pages, maximum: pages, shared: true });
  const words = new Int32Array(memory.buffer);
  const view = ({ dtype, shape, offset }: Region): Float32Array | Int32Array => {
    const count = elementsOf(shape, rows);
    return dtype === 'float32'
      ? new Float32Array(memory.buffer, offset, count)
      : new Int32Array(memory.buffer, offset, count);
  };
  const module = compileModule(emit(plan, { divideFrom: 0 }));
  for (const [region, values] of before) view(plan.regions[region]!).set(values);
  const written = order.map((thread) => {
    const env = { memory, origin: 0, thread, control };
    const run = instantiate(module, env).run as (rows: number, threads: number) => void;
    const untouched = words.slice(0, plan.bytes / 4);
    words[(control + barrierWords.arrived) / 4] = order.length - 1;
    run(rows, order.length);
    return new Set([...untouched.keys()].filter((at) => words[at] !== untouched[at]));
  });
  return { values: plan.regions.map((region) => [...view(region)]), written };
}

/** Threads on one memory that run plan after plan, every kernel divided that can be. */
import type { Plan, Region } from '../../compiler/5-plan/plan.ts';
import { emit, memoryNeeds } from '../../compiler/6-emit/wasm/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Divided } from '../../runtime/engines/wasm/threads.ts';
import { controlBytes, Threads } from '../../runtime/engines/wasm/threads.ts';
import { compileModule, instantiate, webAssembly } from '../../runtime/engines/wasm/webassembly.ts';
import type { Setting, Turn } from '../differential/turns.ts';
import { inputNumbers, stateNumbers, turns } from '../differential/turns.ts';
import { elementsOf } from '../support/plan-interpreter.ts';

const pages = 512;

export class Team {
  readonly count: number;
  readonly #memory = new webAssembly!.Memory({ initial: pages, maximum: pages, shared: true });
  readonly #threads: Threads;
  readonly #control = pages * 65_536 - 4096;

  constructor(count: number) {
    this.count = count;
    this.#threads = new Threads(this.#memory, this.#control, count);
  }

  /** A word that the threads meet at, by its offset from where these begin. */
  word(offset: number): number {
    return Atomics.load(new Int32Array(this.#memory.buffer), (this.#control + offset) / 4);
  }

  end(): void {
    this.#threads.end();
  }

  /** Starts a module on this thread and all others, and waits until all of them are there. */
  async start(module: object, isLong = false): Promise<Divided> {
    const env = { memory: this.#memory, origin: 0, thread: 0, control: this.#control };
    const run = instantiate(module, env).run as (rows: number, threads: number) => void;
    const divided = this.#threads.add(module, 0, run, isLong);
    while (!this.#threads.isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
    return divided;
  }

  /** What a few turns of the plan give. */
  async run(plan: Plan, graph: Graph, setting: Setting): Promise<Turn[]> {
    if (memoryNeeds(plan, this.count).bytes + controlBytes > this.#control)
      throw new Error('internal: a plan that is too large for the team');
    const view = ({ dtype, shape, offset }: Region): Float32Array | Int32Array => {
      const length = elementsOf(shape, setting.rows);
      const { buffer } = this.#memory;
      return dtype === 'float32'
        ? new Float32Array(buffer, offset, length)
        : new Int32Array(buffer, offset, length);
    };
    const states = new Map(
      plan.regions.flatMap((region) => (region.kind === 'state' ? [[region.name, view(region)]] : [])),
    );
    const { run, runAside } = await this.start(compileModule(emit(plan, { divideFrom: 0 })), true);
    for (const entry of setting.state) states.get(entry.id)!.set(stateNumbers(entry, setting).data);
    const leaves = new Map(topological(graph).map((node) => [node.name, node]));
    const made: Turn[] = [];
    for (let turn = 0; turn < turns; turn++) {
      for (const { name, region } of plan.inputs)
        view(plan.regions[region]!).set(inputNumbers(leaves.get(name)!, setting, turn).data);
      // In turns with this thread and without it.
      if (turn % 2 === 0) run(setting.rows);
      else await runAside!(setting.rows);
      made.push(
        Object.fromEntries([
          ...plan.outputs.map(({ name, region }) => [name, view(plan.regions[region]!).slice()] as const),
          ...setting.state.map(({ id }) => [id, states.get(id)!.slice()] as const),
        ]),
      );
    }
    return made;
  }
}

/** Runs a generated program on the WebAssembly engine. */
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { wasmEngine } from '../../runtime/engines/wasm/index.ts';
import { moduleOf } from '../support/module-of.ts';
import type { PlanChoice, Setting, Turn } from './turns.ts';
import { inputNumbers, stateNumbers, turns } from './turns.ts';

/** The program's turns. */
export async function onWasm(graph: Graph, setting: Setting, choice: PlanChoice): Promise<Turn[]> {
  const module = moduleOf(graph, setting.state, setting.capacity);
  const session = await wasmEngine({ plan: choice }).load(module);
  for (const entry of setting.state) session.write(entry.id, stateNumbers(entry, setting).data);
  const program = session.program(graph.program);
  const leaves = new Map(topological(graph).map((node) => [node.name, node]));
  const results = Array.from({ length: turns }, (_, turn): Turn => {
    for (const [name, numbers] of Object.entries(program.inputs)) {
      numbers.set(inputNumbers(leaves.get(name)!, setting, turn).data);
    }
    program.run(setting.rows);
    return Object.fromEntries([
      ...Object.entries(program.outputs).map(
        ([name, numbers]) => [name, Float64Array.from(numbers)] as const,
      ),
      ...setting.state.map(({ id }) => [id, Float64Array.from(session.read(id))] as const),
    ]);
  });
  session.dispose();
  return results;
}

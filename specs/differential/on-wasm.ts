/** Runs a generated program on the WebAssembly engine. */
import { emit } from '../../compiler/6-emit/wasm/index.ts';
import type { Compiled, CompiledProgram } from '../../compiler/compiled.ts';
import type { Graph, ProgramName } from '../../compiler/ir/graph.ts';
import { programNames, topological } from '../../compiler/ir/graph.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import type { PlanChoice, Setting, Turn } from './turns.ts';
import { inputNumbers, planOf, stateNumbers, turns } from './turns.ts';

/** The program's turns, and the size of its module. */
export async function onWasm(
  graph: Graph,
  setting: Setting,
  choice: PlanChoice,
): Promise<{ turns: Turn[]; bytes: number }> {
  const compiled = alone(graph, setting, choice);
  const session = await wasm.load(compiled, { programs: ['step'] });
  for (const entry of setting.state) session.write(entry.name, stateNumbers(entry, setting).data);
  const program = session.program('step');
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
      ...setting.state.map(({ name }) => [name, Float64Array.from(session.read(name))] as const),
    ]);
  });
  session.dispose();
  return { turns: results, bytes: compiled.programs.step.module().length };
}

/** A pipeline of one program: what it is compiled into around it is of no account. */
function alone(graph: Graph, setting: Setting, choice: PlanChoice): Compiled {
  const made = (program: ProgramName): CompiledProgram => {
    const own: Graph = program === 'step' ? graph : { ...graph, program, outputs: [], updates: [] };
    const plan = planOf(own, setting, choice);
    let module: Uint8Array<ArrayBuffer> | undefined;
    return { graph: own, plan, module: () => (module ??= emit(plan) as Uint8Array<ArrayBuffer>) };
  };
  const programs = Object.fromEntries(programNames.map((name) => [name, made(name)])) as Compiled['programs'];
  return { name: graph.name, schema: {}, programs, state: setting.state, metrics: [], outputs: [] };
}

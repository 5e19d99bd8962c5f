/** Three machines that run all programs of a pipeline on shared state: by meaning, by plan, on WebAssembly. */

import type { Plan } from '../../compiler/5-plan/plan.ts';
import type { PlanChoice } from '../../compiler/5-plan/plan-program.ts';
import { planProgram } from '../../compiler/5-plan/plan-program.ts';
import { isColumn, isVariable } from '../../compiler/ir/facts.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { concreteShape } from '../../compiler/ir/symbols.ts';
import type { Module, StateEntry } from '../../compiler/module.ts';
import { programCalled } from '../../compiler/module.ts';
import type { Values } from '../../compiler/op/values.ts';
import { filled } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import { interpret } from '../support/plan-interpreter.ts';
import { PlanMemory } from '../support/plan-memory.ts';

export type Columns = Readonly<Record<string, readonly number[]>>;
export type Numbers = Readonly<Record<string, ArrayLike<number>>>;
type Programs<T> = ReadonlyMap<string, T>;

export interface Machine {
  write(state: string, values: readonly number[]): void;
  /** Runs a program on a batch and gives its outputs, those of the batch's rows. */
  run(program: string, rows: number, columns: Columns): Numbers;
  /** All state by name. */
  state(): Numbers;
}

function called<T>(programs: Programs<T>, name: string): T {
  const found = programs.get(name);
  if (!found) throw new Error(`internal: there is no program ${name}`);
  return found;
}

export function meaningMachine(
  graphs: Programs<Graph>,
  entries: readonly StateEntry[],
  evaluateAll = evaluate,
): Machine {
  const held = new Map(entries.map(({ id, dtype, shape }) => [id, filled(dtype, shape, 0)]));
  return {
    write: (name, values) => {
      held.set(name, { ...held.get(name)!, data: Float64Array.from(values) });
    },
    run(program, rows, columns) {
      const graph = called(graphs, program);
      const sizes = { B: rows };
      const feeds = new Map<Node, Values>();
      for (const node of topological(graph)) {
        const { dtype } = typeOf(node);
        if (isColumn(node)) {
          const data = Float64Array.from(columns[node.name!]!);
          feeds.set(node, { dtype, shape: concreteShape(typeOf(node), sizes), data });
        } else if (isVariable(node)) {
          feeds.set(node, held.get(node.name!)!);
        }
      }
      const values = evaluateAll(
        [...graph.outputs, ...graph.updates].map(({ value }) => value),
        feeds,
        sizes,
      );
      graph.updates.forEach(({ target }, i) => {
        held.set(target.name!, values[graph.outputs.length + i]!);
      });
      return Object.fromEntries(graph.outputs.map(({ name }, i) => [name, values[i]!.data]));
    },
    state: () => Object.fromEntries([...held].map(([name, { data }]) => [name, data])),
  };
}

export function planMachine(plans: Programs<Plan>, entries: readonly StateEntry[]): Machine {
  const all = [...plans.values()];
  const init = called(plans, 'init');
  const memory = new PlanMemory(Math.max(...all.map(({ bytes }) => bytes)));
  const regionOf = (plan: Plan, state: string): Plan['regions'][number] =>
    plan.regions.find(({ kind, name }) => kind === 'state' && name === state)!;
  for (const { id: name, shape } of entries) {
    memory.fill(regionOf(init, name), filled('float32', shape, 0).data);
    const offsets = new Set(all.map((plan) => regionOf(plan, name).offset));
    if (offsets.size > 1) throw new Error(`internal: ${name} lies elsewhere in another program`);
  }
  return {
    write: (name, values) => memory.fill(regionOf(init, name), values),
    run(program, rows, columns) {
      const plan = called(plans, program);
      for (const { name, region } of plan.inputs) memory.fill(plan.regions[region]!, columns[name]!);
      interpret(plan, memory, rows);
      return Object.fromEntries(
        plan.outputs.map(({ name, region }) => [name, memory.values(plan.regions[region]!, rows)]),
      );
    },
    state: () => Object.fromEntries(entries.map(({ id }) => [id, memory.values(regionOf(init, id), 0)])),
  };
}

export async function wasmMachine(module: Module): Promise<Machine> {
  const session = await wasm.load(module);
  return {
    write: (name, values) => session.write(name, values),
    run(program, rows, columns) {
      const runnable = session.program(program);
      for (const [name, numbers] of Object.entries(runnable.inputs)) numbers.set(columns[name]!);
      runnable.run(rows);
      const types = new Map(programCalled(module, program).outputs.map(({ id, type }) => [id, type]));
      return Object.fromEntries(
        Object.entries(runnable.outputs).map(([name, numbers]) => {
          const shape = concreteShape(types.get(name)!, { B: rows });
          return [
            name,
            Float64Array.from(
              numbers.subarray(
                0,
                shape.reduce((size, dim) => size * dim, 1),
              ),
            ),
          ];
        }),
      );
    },
    state: () => Object.fromEntries(module.state.map(({ id }) => [id, Float64Array.from(session.read(id))])),
  };
}

/** The plan of each program. */
export function plansOf(module: Module, choice: PlanChoice = {}): Programs<Plan> {
  return new Map([...module.programs.keys()].map((name) => [name, planProgram(module, name, choice)]));
}

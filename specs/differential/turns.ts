/** Runs a generated program a few turns in a row, by the cards' meaning or by a plan, and keeps what each turn gave. */

import { plan } from '../../compiler/5-plan/index.ts';
import type { Plan } from '../../compiler/5-plan/plan.ts';
import { isColumn, isShared } from '../../compiler/ir/facts.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { typeOf } from '../../compiler/ir/node.ts';
import { concreteShape } from '../../compiler/ir/symbols.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import type { StateEntry } from '../../compiler/module.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import type { InterpreterOptions } from '../support/plan-interpreter.ts';
import { interpret } from '../support/plan-interpreter.ts';
import { PlanMemory } from '../support/plan-memory.ts';
import { numbersFor } from './numbers.ts';

/** How a program is run: all that decides its numbers. */
export interface Setting {
  readonly state: readonly StateEntry[];
  readonly rows: number;
  readonly capacity: number;
  readonly seed: number;
}

/** What one turn gave: outputs by name, then what each state has become. */
export type Turn = Readonly<Record<string, ArrayLike<number>>>;

export const turns = 2;

/** The numbers of an input in a turn: a longer batch begins with those of a shorter one. */
export function inputNumbers(node: Node, { rows, seed }: Setting, turn: number): Values {
  const { dtype } = typeOf(node);
  const shape = concreteShape(typeOf(node), { B: rows });
  return numbersFor({ dtype, shape }, seed + 1000 * turn, placeOf(node.name!));
}

export function stateNumbers({ id: name, dtype, shape }: StateEntry, { seed }: Setting): Values {
  return numbersFor({ dtype, shape }, seed, placeOf(name));
}

const placeOf = (name: string): number =>
  [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) | 0;

/** Evaluates the program by the meaning on its cards. */
export function byMeaning(graph: Graph, setting: Setting, evaluateAll = evaluate): Turn[] {
  const held = new Map(setting.state.map((entry) => [entry.id, stateNumbers(entry, setting)]));
  const leaves = topological(graph).flatMap(leavesUnder);
  return Array.from({ length: turns }, (_, turn) => {
    const feeds = new Map<Node, Values>(
      leaves.map((leaf) => [
        leaf,
        isColumn(leaf) ? inputNumbers(leaf, setting, turn) : held.get(leaf.name!)!,
      ]),
    );
    const roots = [...graph.outputs, ...graph.updates].map(({ value }) => value);
    const values = evaluateAll(roots, feeds, { B: setting.rows });
    graph.updates.forEach(({ target }, i) => {
      held.set(target.name!, values[graph.outputs.length + i]!);
    });
    return Object.fromEntries([
      ...graph.outputs.map(({ name }, i) => [name, values[i]!.data] as const),
      ...setting.state.map(({ id }) => [id, held.get(id)!.data] as const),
    ]);
  });
}

/** Leaves that are fed, inside composites too. */
function leavesUnder(node: Node): Node[] {
  if (node.body) return nodesUnder([node.body]).flatMap(leavesUnder);
  return isShared(node) ? [node] : [];
}

export interface PlanChoice {
  readonly fuse: boolean;
  readonly reuse: boolean;
  /** Bytes of cache that contractions are cut for. */
  readonly cache?: number;
}

export function planOf(graph: Graph, { state, capacity }: Setting, choice: PlanChoice): Plan {
  return plan(graph, { capacity, state, roles: vocabulary.roles, ...choice });
}

/** Runs the plan's kernels in memory that is spoilt wherever the plan does not hold a value. */
export function byPlan(made: Plan, graph: Graph, setting: Setting, options: InterpreterOptions = {}): Turn[] {
  const memory = new PlanMemory(made.bytes);
  const named = (name: string): (typeof made.regions)[number] =>
    made.regions.find((region) => region.kind === 'state' && region.name === name)!;
  for (const entry of setting.state) memory.fill(named(entry.id), stateNumbers(entry, setting).data);
  const inputs = new Map(topological(graph).map((node) => [node.name, node]));
  return Array.from({ length: turns }, (_, turn) => {
    for (const { name, region } of made.inputs) {
      memory.fill(made.regions[region]!, inputNumbers(inputs.get(name)!, setting, turn).data);
    }
    interpret(made, memory, setting.rows, options);
    return Object.fromEntries([
      ...made.outputs.map(
        ({ name, region }) => [name, memory.values(made.regions[region]!, setting.rows)] as const,
      ),
      ...setting.state.map(({ id }) => [id, memory.values(named(id), setting.rows)] as const),
    ]);
  });
}

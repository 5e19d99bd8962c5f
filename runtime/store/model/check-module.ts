/** Whether the parts of a saved program fit each other: a forged one is refused before an engine sees it. */
import { isColumn, isVariable } from '../../../compiler/ir/facts.ts';
import { rootsOf } from '../../../compiler/ir/graph.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { typeOf } from '../../../compiler/ir/node.ts';
import { columnOfLengths } from '../../../compiler/ir/state-ids.ts';
import { nodesUnder } from '../../../compiler/ir/walk.ts';
import type { Module } from '../../../compiler/module.ts';
import { programCalled } from '../../../compiler/module.ts';
import { sizeOf } from '../../../compiler/op/values.ts';
import type { EvaluationPorts, Labelled, TrainingContract } from '../../../compiler/programs/contract.ts';
import type { Column, Schema } from '../../../dsl/column.ts';
import { Damaged } from '../damaged.ts';

/** Throws Damaged where a program knows a state that is not there, or the contract a port or a column. */
export function checkModule(module: Module, contract: TrainingContract): void {
  const states = new Map(module.state.map((entry) => [entry.id, entry]));
  for (const [name, { graph }] of module.programs) {
    for (const node of nodesUnder(rootsOf(graph)).filter(isVariable)) {
      const entry = states.get(node.name ?? '');
      const { dtype, shape } = typeOf(node);
      if (entry?.dtype !== dtype || entry.shape.join() !== shape.join())
        throw new Damaged(`the program ${name} knows a state ${node.name} that the model does not have`, 0);
    }
  }
  const { step, evaluate, predict, answers, schema, state } = contract;
  needOutputs(module, step.program, [...portsOf({ metrics: [], ...step.batch }), ...portsOf(step.epoch)]);
  needOutputs(module, evaluate.program, portsOf(evaluate.epoch));
  needColumns(module, step.program, schema);
  needColumns(module, evaluate.program, schema);
  for (const answer of answers) {
    needOutputs(module, answer.program, answer.outputs.map(idOf));
    needColumns(module, answer.program, answer.schema);
  }
  if (!answers.some(({ program }) => program === predict.program))
    throw new Damaged('there are no answers of the program that predicts', 0);
  for (const [id, size] of [
    [state.step, 1],
    [state.seed, 2],
    ...state.rates.map((rate): [string, number] => [rate.id, 1]),
  ] as const) {
    const entry = states.get(id);
    if (!entry || sizeOf(entry.shape) !== size) throw new Damaged(`the state ${id} has another size`, 0);
  }
}

const idOf = ({ id }: Labelled): string => id;

function portsOf({ loss, losses, metrics }: EvaluationPorts): readonly string[] {
  return [loss, ...losses.map(idOf), ...metrics.map(idOf)];
}

function needOutputs(module: Module, program: string, ids: readonly string[]): void {
  const given = programCalled(module, program).outputs;
  for (const id of ids)
    if (!given.some((port) => port.id === id)) throw new Damaged(`the program ${program} gives no ${id}`, 0);
}

function needColumns(module: Module, program: string, schema: Schema): void {
  const { graph } = programCalled(module, program);
  for (const node of nodesUnder(rootsOf(graph)).filter(isColumn)) {
    const name = node.name ?? '';
    const measured = columnOfLengths(name);
    if (measured !== undefined) {
      needSequence(program, Object.hasOwn(schema, measured) ? schema[measured] : undefined, node);
      continue;
    }
    const column = Object.hasOwn(schema, name) ? schema[name] : undefined;
    const { dtype, shape } = typeOf(node);
    if (column?.dtype !== dtype || column.shape.join() !== shape.slice(1).join())
      throw new Damaged(`the program ${program} asks for a column ${name} that the data do not have`, 0);
  }
}

/** What knows lengths knows those of a column of sequences. */
function needSequence(program: string, column: Column | undefined, node: Node): void {
  const { dtype, shape } = typeOf(node);
  if (column?.kind !== 'sequence' || dtype !== 'int32' || shape.join() !== 'B')
    throw new Damaged(`the program ${program} asks for lengths ${node.name} that the data do not have`, 0);
}

/** What every graph keeps at every stage; run between stages, so that a broken pass is found where it broke. */

import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../diagnostics/diagnostic.ts';
import { TXT802 } from '../diagnostics/text.ts';
import { TypeMismatch } from '../op/mismatch.ts';
import { typeText } from '../op/type-text.ts';
import { sameShape } from './dim.ts';
import { isVariable } from './facts.ts';
import type { Graph } from './graph.ts';
import { rootsOf } from './graph.ts';
import { byName } from './inputs.ts';
import type { Node, TensorType } from './node.ts';
import { nodesUnder, withInitials } from './walk.ts';

export interface VerifyOptions {
  /** Whether composites may still be there: only before they are expanded. */
  readonly composites?: boolean;
}

/** A pass that breaks a graph is a fault of ours, found where it happens. */
export function sound(graph: Graph): Graph {
  const broken = verify(graph);
  if (broken.length > 0) throw new Error(`internal: ${new DiagnosticError(broken).message}`);
  return graph;
}

/** The rules that the graph breaks; none for a sound one. */
export function verify(graph: Graph, options: VerifyOptions = {}): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const report = (node: Node, message: string, expected?: string, received?: string): void => {
    problems.push(
      TXT802({
        message: `${graph.name}.${graph.program}: ${message}`,
        span: node.span,
        ...(expected !== undefined && { expected }),
        ...(received !== undefined && { received }),
      }),
    );
  };
  for (const node of nodesUnder(rootsOf(graph), withInitials)) {
    verifyNode(node, options, (...facts) => report(node, ...facts));
    const { initial, type } = node;
    if (initial?.type && type && !sameType(initial.type, type))
      report(node, `${node.name} starts with another type`, typeText(type), typeText(initial.type));
  }
  const outputs = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (outputs.has(name)) report(value, `two outputs are called ${name}`);
    outputs.add(name);
  }
  const updated = new Set<string>();
  for (const { target, value } of graph.updates) {
    if (!isVariable(target)) report(target, 'an update needs a param or state');
    if (updated.has(target.name ?? '')) report(target, `${target.name} is updated twice`);
    updated.add(target.name ?? '');
    if (target.type && value.type && !sameType(target.type, value.type)) {
      report(
        value,
        `the update of ${target.name} has another type`,
        typeText(target.type),
        typeText(value.type),
      );
    }
  }
  for (const { kernel, targets } of graph.fusions ?? []) {
    const lost = targets.find(({ name }) => !updated.has(name ?? ''));
    if (lost) report(lost, `${kernel} sets ${lost.name}, which has no update`);
  }
  return problems;
}

/** Says what the options of the card do not allow, and how often. */
function attributeProblems(
  { card, attributes }: Node,
  report: (message: string, expected?: string, received?: string) => void,
): number {
  const wrong = Object.entries(card.options).filter(([name, { fits, required, default: usual }]) =>
    attributes[name] === undefined ? required || usual !== undefined : !fits(attributes[name]),
  );
  for (const [name, { expects }] of wrong)
    report(
      `${card.name} does not fit its option ${name}`,
      expects,
      JSON.stringify(attributes[name]) ?? 'nothing',
    );
  const unknown = Object.keys(attributes).filter((name) => !(name in card.options));
  for (const name of unknown) report(`${card.name} has no option ${name}`);
  return wrong.length + unknown.length;
}

function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

function verifyNode(
  node: Node,
  options: VerifyOptions,
  report: (message: string, expected?: string, received?: string) => void,
): void {
  const { card, inputs, type } = node;
  if (!type) {
    report(`${card.name} has no type`);
    return;
  }
  if (card.kind === 'composite') {
    if (!options.composites) report(`${card.name} was not expanded`);
    return;
  }
  const specs = Object.values(card.inputs);
  if (!specs[0]?.list && inputs.length !== specs.length)
    report(`${card.name} has ${inputs.length} inputs`, `${specs.length}`);
  const wrong = inputs.find(
    (input, i) => input.type && !(specs[i] ?? specs[0])?.accepts.includes(input.type.dtype),
  );
  if (wrong) report(`${card.name} does not take ${typeText(wrong.type!)}`);
  const untyped = inputs.length < specs.length || inputs.some((input) => !input.type);
  if (untyped || attributeProblems(node, report) > 0) return;
  const unequal =
    card.kind === 'zip' &&
    inputs.some((input) => !input.type || !sameShape(input.type.shape, inputs[0]!.type!.shape));
  if (unequal) report(`${card.name} has inputs of different shapes`);
  try {
    const inferred = card.type(
      byName(
        card,
        inputs.map((input) => input.type!),
      ),
      node.attributes,
      card.name,
    );
    if (inferred.dtype !== type.dtype || !sameShape(inferred.shape, type.shape)) {
      report(`${card.name} is typed wrongly`, typeText(inferred), typeText(type));
    }
  } catch (error) {
    if (!(error instanceof TypeMismatch)) throw error;
    report(error.message);
  }
}

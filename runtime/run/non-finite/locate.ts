/** Finds where a step's first NaN or ∞ came into being, by computing the step again, op by op. */
import type { Compiled } from '../../../compiler/compile.ts';
import { isColumn, isVariable } from '../../../compiler/ir/facts.ts';
import type { Graph } from '../../../compiler/ir/graph.ts';
import { topological } from '../../../compiler/ir/graph.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { typeOf } from '../../../compiler/ir/node.ts';
import { concreteShape } from '../../../compiler/ir/symbols.ts';
import type { Values } from '../../../compiler/op/values.ts';
import { filled, sizeOf } from '../../../compiler/op/values.ts';
import { atOwnLength } from '../../engines/by-length.ts';
import { evaluate } from '../../engines/reference/evaluate.ts';
import { describe } from './describe.ts';
import type { FailedStep } from './failed-step.ts';
import { entryOf } from './failed-step.ts';
import type { Held, NonFinite } from './found.ts';
import type { Computed, Element } from './made-of.ts';
import { numberAt } from './made-of.ts';
import { isWritten, sourcesOf } from './sources.ts';

/**
 * The first value of the step, in the program's order of computing, that is not finite although all that it was made of
 * is, and that has a part in the loss or, where the loss is finite, in a new state. What was not finite before (a
 * column, a state) is named as such. An infinity that is written in the program, such as a mask's, is not held against
 * it: there the op is named that made NaN of it, if one did. `undefined` where loss and new states are finite.
 *
 * The step is computed by the meaning on the cards, each op rounded to binary32 once: an engine that adds up in another
 * order may overflow where this does not.
 */
export function locateNonFinite(step: FailedStep): NonFinite | undefined {
  const { module, contract } = step.compiled;
  const { program, inputs } = atOwnLength(module, contract.step.program, step.inputs, step.rows);
  const { graph } = program;
  const known = fed({ ...step, inputs }, graph);
  const compute = (nodes: readonly Node[]): void => {
    evaluate(nodes, new Map(known), { B: step.rows }, (node, values) => {
      const rounded = inBinary32(values);
      known.set(node, rounded);
      return rounded;
    });
  };
  const computed: Computed = { of: (node) => valuesIn(known, node), sizes: { B: step.rows } };
  for (const roots of watched(graph, step.compiled)) {
    compute(roots.map(({ node }) => node));
    const bad = roots.flatMap(({ node, reached }) => {
      const at = computed.of(node).data.findIndex((value) => !Number.isFinite(value));
      return at < 0 ? [] : [{ node, at, reached }];
    });
    const [first] = bad;
    if (!first) continue;
    const { element, written } = firstOf(bad, graph, computed);
    const became = numberAt(first, computed);
    return describe({ element, written, reached: first.reached, became, graph, step, computed });
  }
  return undefined;
}

interface Root {
  readonly node: Node;
  readonly reached: NonFinite['reached'];
}

/** What must be finite, one group after another: what a later one computes is of no interest where an earlier one is not. */
function watched(graph: Graph, { module, contract }: Compiled): Root[][] {
  const loss = graph.outputs.filter(({ name }) => name === contract.step.batch.loss);
  const updated = (...roles: readonly Held['role'][]): Root[] =>
    graph.updates.flatMap(({ target, value }) => {
      const entry = entryOf(module, target);
      return entry && roles.includes(entry.role) ? [{ node: value, reached: entry }] : [];
    });
  return [
    loss.map(({ value }) => ({ node: value, reached: 'loss' as const })),
    updated('param', 'state', 'slot'),
    updated('metric', 'run'),
  ];
}

interface First {
  readonly element: Element;
  /** The constants that it was made of, where those are all that is not finite. */
  readonly written: readonly Element[];
}

/** The first source in the order of the program. */
function firstOf(bad: readonly Element[], graph: Graph, computed: Computed): First {
  const order = new Map(topological(graph).map((node, position) => [node, position]));
  const earliest = (elements: readonly Element[]): Element | undefined =>
    elements.toSorted((a, b) => (order.get(a.node) ?? 0) - (order.get(b.node) ?? 0) || a.at - b.at).at(0);
  const { sources, births } = sourcesOf(bad, computed);
  const made = earliest(sources.filter((source) => !isWritten(source)));
  if (made) return { element: made, written: [] };
  // All that is not finite was written so: then the op counts that made no number of it.
  const element = earliest(births) ?? earliest(sources);
  if (!element) throw new Error('internal: a value that is not finite comes from nowhere');
  return { element, written: births.length > 0 ? sources : [] };
}

/** The leaves that hold states and columns, with their values. */
function fed({ compiled: { module }, states, inputs, rows }: FailedStep, graph: Graph): Map<Node, Values> {
  const known = new Map<Node, Values>();
  for (const node of topological(graph)) {
    const name = node.name ?? '';
    const { dtype } = typeOf(node);
    const shape = concreteShape(typeOf(node), { B: rows });
    if (isColumn(node)) {
      const given = inputs[name];
      if (!given) throw new Error(`internal: the batch has no column ${name}`);
      known.set(node, {
        dtype,
        shape,
        data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => given[i] ?? 0),
      });
    } else if (isVariable(node)) {
      const given = states.get(name);
      if (!given && entryOf(module, node)?.role !== 'metric')
        throw new Error(`internal: no value is given for the state ${name}`);
      known.set(node, given ? { dtype, shape, data: Float64Array.from(given) } : filled(dtype, shape, 0));
    }
  }
  return known;
}

function valuesIn(known: ReadonlyMap<Node, Values>, node: Node): Values {
  const values = known.get(node);
  if (!values) throw new Error(`internal: ${node.card.name} was not computed`);
  return values;
}

function inBinary32(values: Values): Values {
  if (values.dtype !== 'float32') return values;
  return { ...values, data: values.data.map(Math.fround) };
}

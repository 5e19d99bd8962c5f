/** A run of the low level as one program: what is fetched and set, with what is fed standing in the place of its tensor. */
import type { Passing } from '../2-check/chain-updates.ts';
import { chainUpdates } from '../2-check/chain-updates.ts';
import { isColumn, isVariable } from '../ir/facts.ts';
import type { Graph, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { copy, rebuildAll, withInputs } from '../ir/rewrite.ts';
import { at } from '../ir/site.ts';
import type { Span } from '../ir/span.ts';
import { seedId, stepId } from '../ir/state-ids.ts';
import type { Dependencies } from '../ir/walk.ts';
import type { Card } from '../op/card.ts';
import { isFrozen } from '../op/freeze.ts';
import { constant, input, runSeed, runStep, training } from '../op/leaf.ts';

export interface RunRequest {
  readonly name: string;
  readonly span: Span;
  /** Their values come out, in this order. */
  readonly fetched: readonly Node[];
  /** Computed only for what the updates in them do. */
  readonly evaluated: readonly Node[];
  /** What held values become, beside the updates that stand in the graph. */
  readonly updates: readonly Update[];
  /** Tensors whose values come from outside, in this order. */
  readonly fed: readonly Node[];
  /** Whether layers behave as in training, and their updates are made. */
  readonly isTraining: boolean;
  /** Cards whose updates are made in every run that computes them. */
  readonly isAssignment: (card: Card) => boolean;
  /** What a held leaf is called in the module. */
  readonly idOf: (leaf: Node) => string;
}

export interface RunGraph {
  readonly graph: Graph;
  /** Held leaves whose values go in. */
  readonly read: readonly Node[];
  /** Held leaves that are set. */
  readonly written: readonly Node[];
  /** Inputs that nothing is fed for. */
  readonly missing: readonly Node[];
  /** What was fed and nothing depends on. */
  readonly unused: readonly Node[];
  /** Held leaves that two updates set to different values. */
  readonly contested: readonly Node[];
}

/** What the graph's inputs and outputs are called; beside them, the run's seed and step are inputs where they matter. */
export const feedName = (position: number): string => `feed${position}`;
export const fetchName = (position: number): string => `fetch${position}`;

/** Where composites stand their bodies do; an update waits for its value, not for what its target held. */
const dependencies: Dependencies = (node) => {
  if (node.body) return [node.body];
  if (node.card.kind === 'update') return node.inputs.filter((_, i) => i !== 1);
  return node.inputs;
};

export function runGraph(request: RunRequest): RunGraph {
  const { fetched, evaluated, updates, fed, isTraining, isAssignment, idOf } = request;
  const feeds = at(request.span, () =>
    fed.map((node, i) => ({ node, place: input(feedName(i), node.shape, node.dtype) })),
  );
  const read = new Map<Node, Node>();
  const held = new Map<Node, Node>();
  const missing: Node[] = [];
  const assigned: Update[] = [];
  const passing: Passing[] = [];
  let streams = 0;
  const heldCopy = (leaf: Node): Node => {
    const known = held.get(leaf);
    if (known) return known;
    const id = idOf(leaf);
    const made = copy(leaf, { name: id, given: id, initial: undefined });
    held.set(leaf, made);
    return made;
  };
  const memo = new Map<Node, Node>([
    [runSeed, input(seedId, [2], 'int32')],
    [runStep, input(stepId, [], 'int32')],
    [training, constant(isTraining ? 1 : 0, [], 'bool')],
    ...feeds.map(({ node, place }) => [node, place] as const),
  ]);
  const used = new Set<Node>();
  const values = rebuildAll(
    [...fetched, ...updates.map(({ value }) => value), ...evaluated],
    (node, inputs) => {
      for (const each of inputs) used.add(each);
      const { card } = node;
      if (node.body) return inputs[0]!;
      if (card.kind === 'update') {
        const target = node.inputs[1]!;
        const [through, value] = inputs as [Node, Node];
        if (isAssignment(card)) assigned.push({ target, value });
        else if (isTraining && !isFrozen(target.scope))
          passing.push({ target: heldCopy(target), value, through });
        return through;
      }
      if (isColumn(node)) missing.push(node);
      if (isVariable(node)) {
        const leaf = heldCopy(node);
        read.set(node, leaf);
        return leaf;
      }
      if (card.kind === 'random')
        return copy(node, { inputs, attributes: { ...node.attributes, stream: streams++ } });
      return withInputs(node, inputs);
    },
    memo,
    dependencies,
  );
  for (const value of values) used.add(value);
  const given = updates.map(({ target }, i) => ({ target, value: values[fetched.length + i]! }));
  const own = [...given, ...assigned].map(({ target, value }) => ({ target: heldCopy(target), value }));
  const layers = chainUpdates(passing);
  const { kept, contested } = oneEach([...own, ...layers]);
  const leafOf = new Map([...held].map(([leaf, made]) => [made, leaf]));
  const originals = (leaves: Iterable<Node>): Node[] => [...leaves].map((leaf) => leafOf.get(leaf)!);
  return {
    graph: {
      name: request.name,
      program: 'run',
      span: request.span,
      outputs: fetched.map((_, i) => ({ name: fetchName(i), value: values[i]! })),
      updates: kept,
    },
    read: [...read.keys()],
    written: originals(kept.map(({ target }) => target)),
    missing,
    unused: feeds.filter(({ place }) => !used.has(place)).map(({ node }) => node),
    contested: originals(contested),
  };
}

/** One update a target. Two that set it to one and the same value are one; others are told. */
function oneEach(updates: readonly Update[]): { kept: Update[]; contested: Node[] } {
  const kept = new Map<Node, Node>();
  const contested = new Set<Node>();
  for (const { target, value } of updates) {
    const before = kept.get(target);
    if (before && before !== value) contested.add(target);
    kept.set(target, value);
  }
  return { kept: [...kept].map(([target, value]) => ({ target, value })), contested: [...contested] };
}

/** Grows a well-typed graph from a recipe, with numbers to run it on. */

import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { isColumn } from '../../compiler/ir/facts.ts';
import type { Graph, Output, Update } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, typeOf } from '../../compiler/ir/node.ts';
import { copy, rebuildAll, withInputs } from '../../compiler/ir/rewrite.ts';
import { at } from '../../compiler/ir/site.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { StateEntry } from '../../compiler/module.ts';
import { apply } from '../../compiler/op/call/apply.ts';
import type { Card } from '../../compiler/op/card.ts';
import { cards } from '../../stdlib/cards.ts';
import { add } from '../../stdlib/ops/arithmetic/add.ts';
import { argumentsFor } from './arguments.ts';
import { byExample } from './by-example.ts';
import { Choices } from './choices.ts';
import { Growth, shapeFrom } from './growth.ts';
import type { Recipe } from './recipe.ts';
import { nameFor, stateOf } from './regressions.ts';

export interface Grown {
  /** As a reader would give it: composites whole. */
  readonly graph: Graph;
  readonly rows: number;
  readonly capacity: number;
  readonly state: readonly StateEntry[];
  readonly seed: number;
  /** The cards called, by name, and how many calls did not come about, by reason. */
  readonly called: readonly string[];
  readonly skipped: readonly string[];
}

/** Ops that mean something only in a pipeline, where a pass takes them out. */
export const growing: readonly Card[] = cards.filter(({ kind }) => kind !== 'update');

/** Families of ops, each as likely as the others, so that the many maps do not crowd out the rest. */
const families: readonly (readonly Card[])[] = familiesOf(growing);

function familiesOf(all: readonly Card[]): Card[][] {
  const groups = new Map<string, Card[]>();
  for (const card of all) {
    const key =
      card.kind === 'composite'
        ? `${card.kind} ${card.family} ${Object.keys(card.inputs).length}`
        : card.kind;
    groups.set(key, [...(groups.get(key) ?? []), card]);
  }
  // Movement is where addressing goes wrong: three tickets.
  return [...groups].flatMap(([key, group]) =>
    key === 'move' || key === 'contract' ? [group, group, group] : [group],
  );
}

/** Grows the graph; `first`, if given, is called before all other ops, as in its examples. */
export function grow(recipe: Recipe, first?: Card): Grown {
  return at(nowhere, () => growAt(recipe, first));
}

function growAt(recipe: Recipe, first: Card | undefined): Grown {
  const growth = new Growth(recipe.rows, recipe.seed);
  const called: string[] = [];
  const skipped: string[] = [];
  for (const numbers of recipe.leaves) {
    const choices = new Choices(numbers);
    const dtype = choices.of(['float32', 'float32', 'int32', 'float32', 'bool'] as const);
    growth.leafOf(dtype, shapeFrom(choices), choices);
  }
  for (const [i, numbers] of recipe.ops.entries()) {
    const choices = new Choices(numbers);
    const given = i === 0 ? first : undefined;
    const card = given ?? choices.of(choices.of(families));
    const like = given || choices.once(6) ? byExample(card, growth, choices) : undefined;
    const args = like ?? argumentsFor(card, growth, choices) ?? byExample(card, growth, choices);
    const evenSpecial = choices.once(12);
    const node = args && attempt(card, args);
    if (!node) skipped.push(`${card.name}: no arguments`);
    else if (node === 'refused' || !node.type) skipped.push(`${card.name}: ill-typed`);
    else if (!growth.admit(node, evenSpecial)) skipped.push(`${card.name}: numbers out of bounds`);
    else called.push(card.name);
  }
  return { ...finished(growth, recipe), called, skipped };
}

/** The call; composites may refuse what does not fit them. */
function attempt(card: Card, args: readonly unknown[]): Node | 'refused' {
  try {
    return apply(card, args);
  } catch (error) {
    if (error instanceof DiagnosticError) return 'refused';
    throw error;
  }
}

function finished(growth: Growth, recipe: Recipe): Omit<Grown, 'called' | 'skipped'> {
  const latest = [...growth.pool].reverse();
  const outputs: Output[] = recipe.outputs.map((numbers, i) => ({
    name: `output${i}`,
    value: new Choices(numbers).of(latest),
  }));
  const updates: Update[] = [];
  for (const numbers of recipe.updates) {
    const choices = new Choices(numbers);
    const held = growth.leaves.filter(
      (leaf) => !isColumn(leaf) && updates.every(({ target }) => target !== leaf),
    );
    if (held.length === 0) continue;
    const target = choices.of([...held].reverse());
    const like = latest.filter((node) => node !== target && sameType(node, target));
    const grown = typeOf(target).dtype === 'bool' ? target : nodeOf(add(target, 1));
    updates.push({ target, value: like.length > 0 && !choices.once(4) ? choices.of(like) : grown });
  }
  const { rows, spare, seed } = recipe;
  const setting = { rows, capacity: rows + spare, seed };
  const graph = settled({ name: nameFor(setting), program: 'step', outputs, updates, span: nowhere });
  return { ...setting, graph, state: stateOf(graph) };
}

/** Initial values are the business of `init`, which generated graphs do not have: their leaves go without. */
function settled(graph: Graph): Graph {
  const roots = [
    ...graph.outputs.map(({ value }) => value),
    ...graph.updates.flatMap(({ target, value }) => [target, value]),
  ];
  const memo = new Map<Node, Node>();
  rebuildAll(
    roots,
    (node, inputs) => {
      if (node.initial) return copy(node, { initial: undefined });
      if (!node.body) return withInputs(node, inputs);
      const body = memo.get(node.body)!;
      const own = node.inputs.map((input) => memo.get(input)!);
      const same = body === node.body && own.every((input, i) => input === node.inputs[i]);
      return same ? node : copy(node, { inputs: own, body });
    },
    memo,
    (node) => (node.body ? [...node.inputs, node.body] : node.inputs),
  );
  const to = (node: Node): Node => memo.get(node)!;
  return {
    ...graph,
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: to(value) })),
    updates: graph.updates.map(({ target, value }) => ({ target: to(target), value: to(value) })),
  };
}

function sameType(a: Node, b: Node): boolean {
  return typeOf(a).dtype === typeOf(b).dtype && typeOf(a).shape.join() === typeOf(b).shape.join();
}

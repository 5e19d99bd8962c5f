/** What every layer promises: shapes, gradients, one set of parameters, seeds, rows apart, and being frozen. */
import { gradients } from '../compiler/3-differentiate/gradients.ts';
import type { Node } from '../compiler/ir/node.ts';
import { nodeOf, problemsOf, typeOf } from '../compiler/ir/node.ts';
import { concreteShape } from '../compiler/ir/symbols.ts';
import { nodesUnder } from '../compiler/ir/walk.ts';
import type { AnyLayer, LayerExample, LayerFacts } from '../compiler/op/define/define-layer.ts';
import type { Domain } from '../compiler/op/domain.ts';
import { reals } from '../compiler/op/domain.ts';
import { freeze, isFrozen, ownedBy } from '../compiler/op/freeze.ts';
import { input } from '../compiler/op/leaf.ts';
import type { Values } from '../compiler/op/values.ts';
import { evaluate } from '../runtime/engines/reference/evaluate.ts';
import { multiply } from '../stdlib/ops/arithmetic/multiply.ts';
import { sum } from '../stdlib/ops/reduction/sum.ts';
import { vocabulary } from '../stdlib/vocabulary.ts';
import { slopesOf } from './differences.ts';
import { Draws } from './draw.ts';
import type { LawTest } from './law-test.ts';
import { alike, hasExamples, holds } from './law-test.ts';
import { callOf } from './layer-example.ts';
import { lawsOfPrograms } from './layer-programs.ts';
import { lawsOfOptions } from './options.ts';
import { dtypeOf, ofRun, valuesOf } from './sample.ts';

/** An input of an example as a leaf, and where its values lie. */
export interface TriedInput {
  readonly leaf: Node;
  readonly rowShape: readonly number[];
  readonly domain: Domain;
}

/** An example of a layer, called. */
export interface Tried {
  readonly layer: AnyLayer;
  readonly inputs: readonly TriedInput[];
  /** What the layer is called on: leaves, and options among which leaves may stand. */
  readonly call: readonly unknown[];
  readonly y: Node;
  readonly held: readonly Node[];
}

const rows = 3;

/** Makes the layer of an example and calls it on leaves. */
export function tried({ make }: LayerFacts, example: LayerExample): Tried {
  const inputs: TriedInput[] = [];
  const call = callOf(example, ({ shape, values }) => {
    const leaf = input(`x${inputs.length}`, ['B', ...shape], dtypeOf(values));
    inputs.push({ leaf, rowShape: shape, domain: values });
    return leaf;
  });
  const layer = make(example.of);
  const y = nodeOf(layer(...call));
  return { layer, inputs, call, y, held: heldUnder(y) };
}

/** Parameters and state under a node. */
export function heldUnder(...roots: readonly Node[]): Node[] {
  const below = (node: Node): Node[] => [...node.inputs, ...(node.body ? [node.body] : [])];
  return nodesUnder(roots, below).filter((node) => node.initial !== undefined);
}

/** Values for all leaves: inputs drawn by `seed`, parameters as they start, moved a little so that none is 0. */
function feedsFor({ inputs, held }: Tried, isTraining: boolean, seed = 1): Map<Node, Values> {
  const draw = new Draws(seed);
  const feeds = ofRun(7, isTraining);
  for (const { leaf, rowShape, domain } of inputs)
    feeds.set(leaf, valuesOf(domain, [rows, ...rowShape], draw));
  const near = reals({ min: 0.05, max: 0.25 });
  for (const leaf of held) {
    const [start] = evaluate([leaf.initial!], ofRun(7, false));
    const moved = valuesOf(near, start!.shape, draw).data;
    feeds.set(leaf, { ...start!, data: start!.data.map((value, i) => value + moved[i]!) });
  }
  return feeds;
}

const valueAt = (node: Node, feeds: ReadonlyMap<Node, Values>, count = rows): Values =>
  evaluate([node], feeds, { B: count })[0]!;

/** The first `count` rows of the inputs. */
function firstRows(feeds: ReadonlyMap<Node, Values>, { inputs }: Tried, count: number): Map<Node, Values> {
  const fewer = new Map(feeds);
  for (const { leaf } of inputs) {
    const { dtype, shape, data } = feeds.get(leaf)!;
    const size = data.length / rows;
    fewer.set(leaf, { dtype, shape: [count, ...shape.slice(1)], data: data.slice(0, count * size) });
  }
  return fewer;
}

function hasItsType({ y }: Tried, feeds: ReadonlyMap<Node, Values>): void {
  const problems = problemsOf(y).map(({ code, message }) => `${code} ${message}`);
  holds(problems.length === 0, () => `it cannot be called: ${problems.join('; ')}`);
  const [got, want] = [valueAt(y, feeds), concreteShape(typeOf(y), { B: rows })];
  holds(`${got.shape}` === `${want}`, `the value is [${got.shape}], the type says [${want}]`);
  holds(got.dtype === y.dtype, `the value is ${got.dtype}, the type says ${y.dtype}`);
  const size = want.reduce((product, dim) => product * dim, 1);
  holds(got.data.length === size, `the value holds ${got.data.length} numbers, the type ${size}`);
  holds(got.data.every(Number.isFinite), 'the value is not finite');
}

function hasItsGradients(trial: Tried, feeds: ReadonlyMap<Node, Values>): void {
  const { y, inputs, held } = trial;
  if (y.dtype !== 'float32') return;
  const shape = concreteShape(typeOf(y), { B: rows });
  // Unequal weights, so that a gradient that mixes elements up shows.
  const weights = input('weights', typeOf(y).shape, 'float32');
  const at = new Map(feeds).set(weights, valuesOf(reals({ min: 0.5, max: 1.5 }), shape, new Draws(2)));
  const loss = nodeOf(sum(multiply(y, weights)));
  const reached = [...inputs.map(({ leaf }) => leaf), ...held.filter(({ card }) => card.name === 'param')];
  const wanted = reached.filter(({ dtype }) => dtype === 'float32');
  const slopes = gradients(loss, wanted, vocabulary.roles);
  for (const [i, leaf] of wanted.entries()) {
    const slope = slopes[i];
    const got = slope ? valueAt(slope, at).data : undefined;
    for (const [element, want] of slopesOf(loss, at, leaf, { B: rows }))
      alike([got?.[element] ?? 0], [want], `∂${leaf.name}[${element}]`, { relative: 2e-5, absolute: 2e-6 });
  }
}

function sharesWhatItOwns({ layer, call, y, held }: Tried): void {
  const again = nodeOf(layer(...call));
  const all = heldUnder(y, again);
  holds(all.length === held.length, `a second call makes ${all.length - held.length} parameters more`);
}

function canBeFrozen({ layer, held }: Tried): void {
  for (const leaf of held) {
    holds(ownedBy(leaf, layer), `${leaf.name} is made outside of the layer`);
    holds(!isFrozen(leaf.scope), `${leaf.name} is frozen from the start`);
  }
  freeze(layer);
  for (const leaf of held) holds(isFrozen(leaf.scope), `${leaf.name} is not frozen with its layer`);
}

function startsBySeed({ held, y }: Tried): void {
  const start = (seed: number): number[] =>
    held.flatMap(({ initial }) => [...evaluate([initial!], ofRun(seed, false))[0]!.data]);
  alike(start(5), start(5), 'initial values of one seed');
  const isRandom = nodesUnder(held.map(({ initial }) => initial!)).some(({ card }) => card.kind === 'random');
  if (isRandom) holds(`${start(5)}` !== `${start(6)}`, 'another seed gives the same initial values');
  holds(y.type !== undefined, 'it has no type');
}

/** With the same random numbers: those of a row depend on its place in the batch, so the first rows keep theirs. */
function keepsRowsApart(trial: Tried, feeds: ReadonlyMap<Node, Values>, rowwise: boolean): void {
  const all = valueAt(trial.y, feeds).data;
  const size = all.length / rows;
  const first = valueAt(trial.y, firstRows(feeds, trial, 1), 1).data;
  if (rowwise) alike(first, all.slice(0, size), 'the first row alone', { relative: 1e-9, absolute: 1e-12 });
  else
    holds(
      `${first}` !== `${all.slice(0, size)}`,
      'rows do not depend on each other, though it says rowwise: false',
    );
}

/** The laws of one kind of layer, for each of its examples. */
export function lawsOfLayer(facts: LayerFacts): LawTest[] {
  const perExample = facts.examples.flatMap((example, i) => {
    const named = (name: string, run: (trial: Tried) => void): LawTest => ({
      name: `example ${i + 1} ${name}`,
      run: () => run(tried(facts, example)),
    });
    return [
      named('has the type it says it has', (trial) => hasItsType(trial, feedsFor(trial, false))),
      named('has the gradients that its meaning has', (trial) =>
        hasItsGradients(trial, feedsFor(trial, true)),
      ),
      named('shares its parameters when it is called twice', sharesWhatItOwns),
      named('starts as the seed says', startsBySeed),
      named('can be frozen, all of it', canBeFrozen),
      named(facts.rowwise ? 'keeps rows apart' : 'mixes rows while training, as it says', (trial) =>
        keepsRowsApart(trial, feedsFor(trial, true), facts.rowwise),
      ),
      ...lawsOfPrograms(facts, example, i),
    ];
  });
  const [first] = facts.examples;
  return [hasExamples(facts), ...(first ? lawsOfOptions(facts, first.of) : []), ...perExample];
}

/** How far rounding can carry each number of a program: its meaning is run again with each real value a little off. */
import { expand } from '../../compiler/2-check/expand.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import type { Sizes } from '../../compiler/ir/symbols.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import type { Kind } from '../../compiler/op/card.ts';
import type { Values } from '../../compiler/op/values.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import type { Tolerance } from './compare.ts';
import type { Setting, Turn } from './turns.ts';
import { byMeaning } from './turns.ts';

/** Half a unit in the last place of binary32 each way is 2⁻²⁴; some ops round several times on the way. */
const unit = 2 ** -21;
const samples = 5;
/** Beyond this, a square or two on the way are infinite in binary32 and are not in binary64. */
const largest = 1e12;

/** The tolerance for runs of `graph` in binary32. */
export function roundingTolerance(
  graph: Graph,
  setting: Setting,
  exact: readonly Turn[],
): { tolerance: Tolerance; unjudged: () => number } {
  const noisy = Array.from({ length: samples }, (_, i) =>
    byMeaning(graph, setting, (roots, feeds, sizes) => noisyValues(roots, feeds, sizes, i + 1)),
  );
  return toleranceOf(noisy, exact);
}

/**
 * The tolerance that noisy runs tell. Where a comparison or a step of a staircase may fall either way, they differ
 * without bound; such elements are not judged, and counted by `unjudged`.
 */
export function toleranceOf(
  noisy: readonly (readonly Turn[])[],
  exact: readonly Turn[],
): { tolerance: Tolerance; unjudged: () => number } {
  let unjudged = 0;
  return {
    unjudged: () => unjudged,
    tolerance: (turn, name, element, wanted) => {
      const deviations = noisy.map((run) => Math.abs(run[turn]![name]![element]! - wanted));
      const worst = Math.max(...deviations.map((x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : x)));
      const whole = exact.every((run) => Number.isInteger(run[name]?.[element] ?? 0));
      if (worst === 0) return whole ? 0 : 2 * unit * Math.abs(wanted);
      const bound = 0.02 * (Math.abs(wanted) + 0.01);
      const stable = Number.isFinite(wanted) && Math.abs(wanted) < largest && worst <= bound;
      if (!stable) unjudged++;
      return stable ? 8 * worst + 2 * unit * Math.abs(wanted) + 1e-37 : Number.POSITIVE_INFINITY;
    },
  };
}

export function noisyValues(
  nodes: readonly Node[],
  feeds: ReadonlyMap<Node, Values> = new Map(),
  sizes: Sizes = {},
  sample = 1,
): Values[] {
  const memo = new Map<Node, Node>();
  const roots = expand(nodes, memo);
  const known = new Map<Node, Values>();
  for (const [node, values] of feeds) known.set(memo.get(node) ?? node, values);
  const random = randomFrom(sample);
  for (const node of nodesUnder(roots)) {
    if (known.has(node)) continue;
    const values = evaluate([node], known, sizes)[0]!;
    known.set(node, moved(node, values, known, sizes, random));
  }
  return roots.map((node) => known.get(node)!);
}

/** Kinds that only take, or make, what binary32 holds. */
const exact = new Set<Kind>(['leaf', 'move', 'gather', 'random']);

/** Values of a real dtype that binary32 does not hold, each off by as much as its op may round. */
function moved(
  node: Node,
  values: Values,
  known: ReadonlyMap<Node, Values>,
  sizes: Sizes,
  random: () => number,
): Values {
  const { card } = node;
  if (values.dtype !== 'float32' || exact.has(card.kind)) return values;
  const summed = card.kind !== 'map' && card.kind !== 'zip';
  // A sum rounds by the size of its terms, not by its own.
  const sizesOf = summed ? evaluate([node], absolute(node, known), sizes)[0]! : values;
  const own = 'tolerance' in card ? (card.tolerance.wasm ?? 0) : 0;
  const data = values.data.map((value, i) => {
    if (own === 0 && isExact(summed ? [value, sizesOf.data[i]!] : [value])) return value;
    return value + random() * (unit * Math.abs(sizesOf.data[i]!) + own * (1 + Math.abs(value)));
  });
  return { ...values, data };
}

/** Whether binary32 holds the numbers; of sums, the way there too: all terms are of a coarse grain, and few. */
function isExact([value, terms]: readonly number[]): boolean {
  if (Math.fround(value!) !== value) return false;
  return terms === undefined || (Number.isInteger(terms * 16) && terms < 2 ** 16);
}

/** All known values, those that go into the node without their signs. */
function absolute(node: Node, known: ReadonlyMap<Node, Values>): Map<Node, Values> {
  const signless = new Map(known);
  for (const input of node.inputs) {
    const values = known.get(input)!;
    if (values.dtype === 'float32') signless.set(input, { ...values, data: values.data.map(Math.abs) });
  }
  return signless;
}

/** Numbers in [−1, 1], never near 0: noise that moves nothing shows nothing. */
function randomFrom(sample: number): () => number {
  let word = Math.imul(sample, 0x9e3779b1) | 1;
  return () => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    const share = (word >>> 0) / 2 ** 32;
    return share < 0.5 ? -0.5 - share : share;
  };
}

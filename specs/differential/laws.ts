/** What must hold of every program: each law says what is wrong, or nothing. */

import { expandGraph } from '../../compiler/2-check/expand.ts';
import { simplify } from '../../compiler/4-simplify/simplify.ts';
import { arrange } from '../../compiler/5-plan/1-values/arrange.ts';
import { decompose } from '../../compiler/5-plan/1-values/decompose.ts';
import { verifyPlan } from '../../compiler/5-plan/verify/verify-plan.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { graphDifference } from '../support/same-graph.ts';
import { workOf } from '../support/work.ts';
import { adorned } from './adorned.ts';
import type { Tolerance } from './compare.ts';
import { difference, exactly } from './compare.ts';
import { roundingTolerance } from './noise.ts';
import { onWasm } from './on-wasm.ts';
import type { PlanChoice, Setting, Turn } from './turns.ts';
import { byMeaning, byPlan, planOf } from './turns.ts';

/** A program in all its forms, with what it means. */
export interface Case {
  /** As it was read: composites whole. */
  readonly read: Graph;
  readonly plain: Graph;
  readonly simple: Graph;
  readonly setting: Setting;
  readonly meaning: readonly Turn[];
  readonly rounding: ReturnType<typeof roundingTolerance>;
}

export function caseOf(read: Graph, setting: Setting): Case {
  const plain = expandGraph(read);
  const simple = simplify(plain, vocabulary);
  const meaning = byMeaning(plain, setting);
  return { read, plain, simple, setting, meaning, rounding: roundingTolerance(plain, setting, meaning) };
}

type Law = (given: Case) => string | undefined | Promise<string | undefined>;

const choices: readonly PlanChoice[] = [
  { fuse: false, reuse: false },
  { fuse: true, reuse: false },
  { fuse: false, reuse: true },
  { fuse: true, reuse: true },
];

const told = ({ fuse, reuse }: PlanChoice): string =>
  `${fuse ? 'fused' : 'unfused'}, ${reuse ? 'reused' : 'apart'}`;

const laws: Readonly<Record<string, Law>> = {
  'every stage verifies': ({ read, plain, simple }) => {
    const broken = [
      ...verify(read, { composites: true }),
      ...[plain, simple].flatMap((graph) => {
        const parts = decompose(graph);
        return [graph, parts, arrange(parts, vocabulary.roles)].flatMap((stage) => verify(stage));
      }),
    ];
    return broken[0] && [broken[0].message, broken[0].expected, broken[0].received].join(' · ');
  },

  'parse(print(g)) = g': ({ read, plain, simple }) => {
    for (const graph of [read, plain, simple, adorned(plain)]) {
      for (const names of [true, false]) {
        for (const spans of [true, false]) {
          const text = print(graph, { names, spans });
          const back = parse(text, vocabulary);
          const again = print(back, { spans });
          const off = graphDifference(graph, back, { spans });
          if (off) return `read back, ${off}`;
          if (again !== text) return firstLine(text, again);
        }
      }
    }
    return undefined;
  },

  'simplified = plain': ({ simple, setting, meaning, rounding }) =>
    difference(meaning, byMeaning(simple, setting), rounding.tolerance),

  'simplifying twice is simplifying once': ({ simple }) => {
    const [once, twice] = [simple, simplify(simple, vocabulary)].map((graph) =>
      print(graph, { spans: false }),
    );
    return once === twice ? undefined : firstLine(once!, twice!);
  },

  'simplifying adds no work': ({ plain, simple }) => {
    const [before, after] = [workOf(plain), workOf(simple)];
    if (after.nodes > before.nodes) return `${after.nodes} nodes of ${before.nodes}`;
    return after.multiplications > before.multiplications
      ? `${after.multiplications} multiplications of ${before.multiplications}`
      : undefined;
  },

  'every plan verifies': ({ plain, simple, setting }) => {
    for (const choice of [...choices, { fuse: true, reuse: true, cache: 256 }]) {
      for (const graph of [plain, simple]) {
        const [problem] = verifyPlan(planOf(graph, setting, choice));
        if (problem) return `${told(choice)}: ${problem}`;
      }
    }
    return undefined;
  },

  'plan = meaning': ({ plain, simple, setting, meaning, rounding }) => {
    const simplified = byMeaning(simple, setting);
    // What is planned by other ops sums in another order; binary64 leaves 2⁻²⁹ of the noise of binary32.
    const inParts = topological(plain).some(({ card }) => card.kind !== 'composite' && card.lower.plan);
    const tolerance: Tolerance = inParts ? (...at) => 1e-6 * rounding.tolerance(...at) : exactly;
    for (const choice of choices) {
      const off =
        difference(meaning, byPlan(planOf(plain, setting, choice), plain, setting), tolerance) ??
        difference(simplified, byPlan(planOf(simple, setting, choice), simple, setting), tolerance);
      if (off) return `${told(choice)}: ${off}`;
    }
    return undefined;
  },

  'the capacity changes nothing': ({ simple, setting, meaning }) => {
    const choice = { fuse: true, reuse: true };
    const runs = [0, 3].map((spare) => {
      const larger = { ...setting, capacity: setting.rows + spare };
      return byPlan(planOf(simple, larger, choice), simple, larger);
    });
    return (
      difference(runs[0]!, runs[1]!, exactly) ?? (meaning.length === runs[0]!.length ? undefined : 'turns')
    );
  },

  'in binary32, plan = meaning': ({ simple, setting, meaning, rounding }) => {
    const plan = planOf(simple, setting, { fuse: true, reuse: true });
    return difference(meaning, byPlan(plan, simple, setting, { precision: 'float32' }), rounding.tolerance);
  },

  'wasm = meaning': async ({ simple, setting, meaning, rounding }) => {
    for (const choice of [choices[3]!, choices[0]!]) {
      const found = await onWasm(simple, setting, choice);
      const off = difference(meaning, inRows(found, meaning), rounding.tolerance);
      if (off) return `${told(choice)}: ${off}`;
      const again = await onWasm(simple, setting, choice);
      const changed = difference(found, again, exactly);
      if (changed) return `${told(choice)}, run again: ${changed}`;
    }
    return undefined;
  },
};

/** The first law that the program breaks. */
export async function broken(given: Case): Promise<{ law: string; how: string } | undefined> {
  for (const [law, hold] of Object.entries(laws)) {
    const how = await hold(given);
    if (how !== undefined) return { law, how };
  }
  return undefined;
}

/** An engine's outputs reach to its capacity; only the rows that ran count. */
function inRows(found: readonly Turn[], meaning: readonly Turn[]): Turn[] {
  return found.map((turn, i) =>
    Object.fromEntries(
      Object.entries(turn).map(([name, numbers]) => [
        name,
        Array.from(numbers).slice(0, meaning[i]![name]!.length),
      ]),
    ),
  );
}

function firstLine(wanted: string, found: string): string {
  const [before, after] = [wanted.split('\n'), found.split('\n')];
  const at = before.findIndex((line, i) => line !== after[i]);
  return `line ${at + 1} is ${after[at]?.trim()}, not ${before[at]?.trim()}`;
}

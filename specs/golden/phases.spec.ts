/** What each phase makes of the examples, as text: reviewed when it changes (`npm run bless`), and held to its meaning. */
import { describe, expect, test } from 'vitest';
import { planProgram } from '../../compiler/5-plan/plan-program.ts';
import { printPlan } from '../../compiler/5-plan/print-plan.ts';
import { verifyPlan } from '../../compiler/5-plan/verify/verify-plan.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { difference, exactly } from '../differential/compare.ts';
import { meaningMachine, planMachine, plansOf } from '../differential/machines.ts';
import { graphDifference } from '../support/same-graph.ts';
import { columnsOf } from './columns-of.ts';
import { examples, fileName, graphIn } from './examples.ts';

const stages = ['read', 'check', 'differentiate', 'simplify'] as const;

/** Those small enough to be read as text; of the others the budgets are kept all the same. */
const readable = new Set(['linear-regression', 'iris', 'live-sensors']);
const shown = examples.filter(({ name }) => readable.has(name));

test.for(examples)(
  '$name is sound and read back whole, in all programs after all stages',
  ({ phases, checked }) => {
    for (const stage of stages) {
      for (const graph of (stage === 'read' ? phases.read : checked[stage]).values()) {
        expect(verify(graph, { composites: stage === 'read' || stage === 'check' })).toEqual([]);
        expect(
          graphDifference(graph, parse(print(graph), vocabulary)),
          `${stage} ${graph.program}`,
        ).toBeUndefined();
      }
    }
  },
);

describe.for(shown)('$name', ({ name, phases, checked }) => {
  const graphOf = (stage: (typeof stages)[number]): Graph =>
    graphIn(stage === 'read' ? phases.read : checked[stage], 'step');

  test.for(stages)('after %s', async (stage) => {
    // Places are the reader's work; later stages keep them, and would repeat them.
    const text = print(graphOf(stage), { spans: stage === 'read', file: fileName });
    await expect(text).toMatchFileSnapshot(`./${stage}/${name}.ir`);
    const back = parse(text, vocabulary, `${name}.ir`);
    expect(print(back, { spans: stage === 'read' })).toBe(text);
    // Composites with a gradient of their own stay whole until it has been asked for.
    const composites = stage === 'read' || stage === 'check';
    expect(verify(back, { composites })).toEqual([]);
  });

  test('all plans are sound', () => {
    for (const plan of plansOf(checked.compiled.module).values()) expect(verifyPlan(plan)).toEqual([]);
  });

  test('after plan', async () => {
    await expect(printPlan(planProgram(checked.compiled.module, 'step'))).toMatchFileSnapshot(
      `./plan/${name}.txt`,
    );
  });

  test('all stages mean the same', () => {
    const { schema } = phases.reading.predict;
    const { module } = checked.compiled;
    const live = (machine: ReturnType<typeof planMachine>) => {
      machine.write('§seed', [1, 2]);
      machine.run('init', 1, {});
      return [
        ...[0, 1, 2].map((batch) => machine.run('step', 4, columnsOf(schema, 4, batch))),
        machine.run('evaluate', 3, columnsOf(schema, 3, 8)),
        machine.run('predict', 2, columnsOf(schema, 2, 9)),
        machine.state(),
      ];
    };
    const plain = live(meaningMachine(checked.differentiate, module.state));
    const simple = live(meaningMachine(checked.simplify, module.state));
    const planned = live(planMachine(plansOf(module), module.state));
    // Constants are folded to what binary32 holds.
    expect(difference(plain, simple, (_, __, ___, wanted) => 1e-5 * (1 + Math.abs(wanted)))).toBeUndefined();
    expect(difference(simple, planned, exactly)).toBeUndefined();
  });
});

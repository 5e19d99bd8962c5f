/** What compiled examples take: nodes, kernels and bytes, to the last one. `npm run bless` records a change. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../compiler/5-plan/plan.ts';
import { planProgram } from '../../compiler/5-plan/plan-program.ts';
import { emit } from '../../compiler/6-emit/wasm/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { examples, graphIn } from './examples.ts';

interface Budget {
  readonly nodes: Readonly<Record<'check' | 'differentiate' | 'simplify', number>>;
  readonly kernels: number;
  readonly memoryBytes: number;
  /** What the arena holds if no two values share memory. */
  readonly unsharedBytes: number;
  readonly stateBytes: number;
  readonly moduleBytes: number;
}

const nodes = (graph: Graph): number => topological(graph).length;

function budgetOf(
  stages: Readonly<Record<'check' | 'differentiate' | 'simplify', Graph>>,
  plan: Plan,
): Budget {
  const { check, differentiate, simplify } = stages;
  return {
    nodes: { check: nodes(check), differentiate: nodes(differentiate), simplify: nodes(simplify) },
    kernels: plan.kernels.length,
    memoryBytes: plan.bytes,
    unsharedBytes: plan.naiveBytes,
    stateBytes: plan.stateBytes,
    moduleBytes: emit(plan).length,
  };
}

const budgets = Object.fromEntries(
  examples.map(({ name, checked }) => [
    name,
    Object.fromEntries(
      [...checked.simplify.keys()].map((program) => [
        program,
        budgetOf(
          {
            check: graphIn(checked.check, program),
            differentiate: graphIn(checked.differentiate, program),
            simplify: graphIn(checked.simplify, program),
          },
          planProgram(checked.compiled.module, program),
        ),
      ]),
    ),
  ]),
);

test('budgets', async () => {
  await expect(`${JSON.stringify(budgets, undefined, 2)}\n`).toMatchFileSnapshot('./budgets.json');
});

describe.for(examples)('$name', ({ checked }) => {
  test.for([...checked.simplify.keys()])('%s: each phase earns its keep', (program) => {
    const plan = planProgram(checked.compiled.module, program);
    const before = nodes(graphIn(checked.differentiate, program));
    expect(nodes(graphIn(checked.simplify, program))).toBeLessThanOrEqual(before);
    expect(plan.kernels.length).toBeLessThanOrEqual(nodes(graphIn(checked.simplify, program)));
    const arena = plan.regions
      .filter(({ kind }) => kind === 'arena')
      .reduce((sum, { bytes }) => sum + bytes, 0);
    expect(arena).toBe(plan.naiveBytes);
  });
});

/** What compiled examples take: nodes, kernels and bytes, to the last one. `npm run bless` records a change. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../compiler/5-plan/plan.ts';
import { emit } from '../../compiler/6-emit/wasm/index.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { programNames, topological } from '../../compiler/ir/graph.ts';
import { examples } from './examples.ts';

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
      programNames.map((program) => [
        program,
        budgetOf(
          {
            check: checked.check[program],
            differentiate: checked.differentiate[program],
            simplify: checked.simplify[program],
          },
          checked.plan[program],
        ),
      ]),
    ),
  ]),
);

test('budgets', async () => {
  await expect(`${JSON.stringify(budgets, undefined, 2)}\n`).toMatchFileSnapshot('./budgets.json');
});

describe.for(examples)('$name', ({ checked }) => {
  test.for(programNames)('%s: each phase earns its keep', (program) => {
    const plan = checked.plan[program];
    const before = nodes(checked.differentiate[program]);
    expect(nodes(checked.simplify[program])).toBeLessThanOrEqual(before);
    expect(plan.kernels.length).toBeLessThanOrEqual(nodes(checked.simplify[program]));
    const arena = plan.regions
      .filter(({ kind }) => kind === 'arena')
      .reduce((sum, { bytes }) => sum + bytes, 0);
    expect(arena).toBe(plan.naiveBytes);
  });
});

/** The verifier of plans finds what is wrong with damaged ones, and says where. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import type { Kernel, LoopKernel, Plan, Stage } from '../../compiler/5-plan/plan.ts';
import { verifyPlan } from '../../compiler/5-plan/verify/verify-plan.ts';
import { grow } from '../differential/grow.ts';
import { recipes } from '../differential/recipe.ts';
import { planOf } from '../differential/turns.ts';
import { seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const plans = fc.sample(recipes(8), { seed, numRuns: 150 }).map((recipe) => {
  const grown = grow(recipe);
  return planOf(expandGraph(grown.graph), grown, { fuse: true, reuse: true });
});

/** A damage that no sound plan survives; undefined where the plan has nothing to damage so. */
type Damage = (plan: Plan) => Plan | undefined;

/** The plan with its first loop kernel of a kind replaced. */
function withLoop(plan: Plan, change: (kernel: LoopKernel) => LoopKernel | undefined): Plan | undefined {
  for (const [at, kernel] of plan.kernels.entries()) {
    const changed = kernel.kind === 'loop' ? change(kernel) : undefined;
    if (changed) return { ...plan, kernels: plan.kernels.with(at, changed) };
  }
  return undefined;
}

const withStage = (kernel: LoopKernel, at: number, parts: Partial<Stage>): LoopKernel => ({
  ...kernel,
  stages: kernel.stages.with(at, { ...kernel.stages[at]!, ...parts }),
});

/** Elements in a region that is no batch's, so that its last address is the same for any number of rows. */
const isFull = (plan: Plan, { outer, inner }: LoopKernel): boolean =>
  [...outer, ...inner].every((size) => typeof size === 'number' && size > 0) && plan.capacity > 0;

const damages: Readonly<Record<string, { damage: Damage; says: RegExp }>> = {
  'a region moved by a word': {
    damage: (plan) => ({
      ...plan,
      regions: plan.regions.map((region) => ({ ...region, offset: region.offset + 4 })),
    }),
    says: /does not lie on whole vectors/,
  },
  'a region too short': {
    damage: (plan) => {
      const at = plan.regions.findIndex(({ bytes }) => bytes > 16);
      return at < 0
        ? undefined
        : { ...plan, regions: plan.regions.with(at, { ...plan.regions[at]!, bytes: 0 }) };
    },
    says: /bytes of/,
  },
  'memory cut off': {
    damage: (plan) => (plan.bytes > plan.stateBytes ? { ...plan, bytes: 0 } : undefined),
    says: /lies outside of its part of memory/,
  },
  'all values in one place': {
    damage: (plan) => {
      const filled = plan.regions.filter(({ bytes, kind }) => bytes > 0 && kind !== 'state');
      if (filled.filter(({ kind }) => kind !== 'arena').length < 2) return undefined;
      const offset = plan.stateBytes;
      return {
        ...plan,
        regions: plan.regions.map((region) => (region.kind === 'state' ? region : { ...region, offset })),
      };
    },
    says: /overlap while both live/,
  },
  'a kernel left out that others need': {
    damage: (plan) => {
      const output = plan.outputs.find(({ region }) => plan.regions[region]!.kind === 'output');
      return output && { ...plan, kernels: plan.kernels.filter((kernel) => !writes(kernel, output.region)) };
    },
    says: /no kernel writes|before it is written/,
  },
  'an address past the end': {
    damage: (plan) =>
      withLoop(plan, (kernel) => {
        const at = kernel.stages.findIndex(({ stores }) => stores.length > 0);
        const [store, ...rest] = kernel.stages[at]?.stores ?? [];
        if (!store || !isFull(plan, kernel)) return undefined;
        const access = { ...store.access, offset: store.access.offset + 1_000_000 };
        return withStage(kernel, at, { stores: [{ ...store, access }, ...rest] });
      }),
    says: /reaches elements/,
  },
  'an address over other loops': {
    damage: (plan) =>
      withLoop(plan, (kernel) => {
        const at = kernel.stages.findIndex(({ stores }) => stores.length > 0);
        const [store, ...rest] = kernel.stages[at]?.stores ?? [];
        if (!store) return undefined;
        const access = { ...store.access, strides: [...store.access.strides, 1] };
        return withStage(kernel, at, { stores: [{ ...store, access }, ...rest] });
      }),
    says: /by \d+ strides/,
  },
  'a step that takes a later one': {
    damage: (plan) =>
      withLoop(plan, (kernel) => {
        const at = kernel.stages.findIndex(({ body }) => body.some(({ kind }) => kind === 'op'));
        const body = kernel.stages[at]?.body.map((step, _, all) =>
          step.kind === 'op' ? { ...step, args: step.args.map(() => all.length) } : step,
        );
        return body && withStage(kernel, at, { body });
      }),
    says: /refers to step/,
  },
  'a stage before what it looks at': {
    damage: (plan) =>
      withLoop(plan, (kernel) => {
        const looks = kernel.stages.some(({ body }) => body.some(({ kind }) => kind === 'earlier'));
        return looks ? { ...kernel, stages: [...kernel.stages].reverse() } : undefined;
      }),
    says: /is not before|refers to step/,
  },
};

function writes(kernel: Kernel, region: number): boolean {
  const stages = kernel.kind === 'loop' ? kernel.stages : [kernel];
  return stages.some(({ stores }) => stores.some(({ access }) => access.region === region));
}

const count = tally('damaged plans', Object.fromEntries(Object.keys(damages).map((name) => [name, 5])));

test('plans are sound', () => {
  for (const plan of plans) expect(verifyPlan(plan)).toEqual([]);
});

test.for(Object.entries(damages))('%s', ([name, { damage, says }]) => {
  for (const plan of plans) {
    const damaged = damage(plan);
    if (!damaged) continue;
    count(name);
    expect(verifyPlan(damaged).join('\n')).toMatch(says);
  }
});

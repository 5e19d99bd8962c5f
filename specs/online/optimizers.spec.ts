/** FTRL and passive-aggressive learning against Keras and scikit-learn, from specs/golden/online.json, and in whole programs. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Session } from 'millrace/session';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import type { Values } from '../../compiler/op/values.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { alike } from '../../laws/law-test.ts';
import { Steps } from '../../laws/optimizer.ts';
import { reference } from '../../runtime/engines/reference/index.ts';
import { wasmEngine } from '../../runtime/engines/wasm/index.ts';
import { globalVariablesInitializer, optimizer, variable } from '../../runtime/faces/session/index.ts';
import { LoadedPipeline } from '../../runtime/run/loaded-pipeline.ts';
import {
  abs,
  add,
  arrays,
  float,
  ftrl,
  maximum,
  multiply,
  param,
  passiveAggressive,
  pipeline,
  square,
  subtract,
  sum,
  vector,
} from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

interface PassiveAggressiveCase {
  readonly task: 'classify' | 'regress';
  readonly options: { readonly variant: 'pa1' | 'pa2'; readonly aggressiveness: number };
  readonly bias: boolean;
  readonly x: readonly number[][];
  readonly y: readonly number[];
  /** The weights after each row, the bias last. */
  readonly steps: readonly number[][];
}

interface Golden {
  readonly made: string;
  readonly ftrl: readonly {
    readonly options: object;
    readonly start: number[];
    readonly gradients: number[][];
    readonly steps: number[][];
  }[];
  readonly passiveAggressive: readonly PassiveAggressiveCase[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/online.json', import.meta.url), 'utf8'));
const count = tally(`optimizers as ${golden.made}`, { ftrl: 48, passive: 200, still: 40, papers: 400 });

const values = (data: ArrayLike<number>): Values => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float64Array.from(data),
});

test.each(golden.ftrl.map((each) => [JSON.stringify(each.options), each] as const))('ftrl %s', (_, each) => {
  const steps = new Steps(ftrl(each.options), [each.start.length]);
  let at = steps.start(values(each.start));
  each.gradients.forEach((gradient, i) => {
    at = steps.next(at, values(gradient), i);
    alike(at.parameter.data, each.steps[i]!, `step ${i + 1}`, { relative: 2e-5, absolute: 2e-6 });
    count('ftrl');
  });
});

/** McMahan et al. 2013, algorithm 1, of one coordinate: the weight from z and n when it is asked for. */
function clickPrediction(alpha: number, beta: number, lambda1: number, lambda2: number) {
  let [z, n] = [0, 0];
  const weight = (): number =>
    Math.abs(z) <= lambda1 ? 0 : -(z - Math.sign(z) * lambda1) / ((beta + Math.sqrt(n)) / alpha + lambda2);
  return (g: number): number => {
    const sigma = (Math.sqrt(n + g * g) - Math.sqrt(n)) / alpha;
    z += g - sigma * weight();
    n += g * g;
    return weight();
  };
}

test('ftrl is the algorithm of its paper', () => {
  const setting = fc.record({
    alpha: fc.double({ min: 0.05, max: 2, noNaN: true }),
    beta: fc.double({ min: 0.1, max: 2, noNaN: true }),
    lambda1: fc.double({ min: 0, max: 1, noNaN: true }),
    lambda2: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const gradients = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 15 });
  let zeros = 0;
  fc.assert(
    fc.property(setting, gradients, ({ alpha, beta, lambda1, lambda2 }, slopes) => {
      const steps = new Steps(
        ftrl({
          learningRate: alpha,
          beta,
          initialAccumulatorValue: 0,
          l1RegularizationStrength: lambda1,
          // The paper's λ₂ is the weight of ½‖w‖², Keras's that of ‖w‖².
          l2RegularizationStrength: lambda2 / 2,
        }),
        [1],
      );
      let at = steps.start(values([0]));
      const paper = clickPrediction(alpha, beta, lambda1, lambda2);
      slopes.forEach((g, i) => {
        at = steps.next(at, values([g]), i);
        const want = paper(g);
        alike(at.parameter.data, [want], `step ${i + 1}`, { relative: 1e-7, absolute: 1e-9 });
        if (want === 0) zeros++;
        count('papers');
      });
    }),
    { numRuns: runs(100) },
  );
  expect(zeros).toBeGreaterThan(50);
});

test('ftrl leaves a coordinate without any gradient a number', () => {
  const steps = new Steps(ftrl({ initialAccumulatorValue: 0 }), [2]);
  const { parameter } = steps.next(steps.start(values([0.5, 0.5])), values([0, 1]), 0);
  expect(parameter.data[0]).toBe(0);
  expect(parameter.data[1]).toBeLessThan(0.5);
});

/** A linear model of the paper as a pipeline of single rows. */
function linear({ task, options, bias }: PassiveAggressiveCase) {
  const weight = param([3], { name: 'weight' });
  const shift = param([], { name: 'shift' });
  const score = (x: Tensor): Tensor => sum(multiply(x, weight), { axis: -1 });
  const loss = {
    classify: (f: Tensor, y: Tensor) => maximum(subtract(1, multiply(y, f)), 0),
    regress: (f: Tensor, y: Tensor) => maximum(subtract(abs(subtract(y, f)), 0.1), 0),
  }[task];
  return pipeline({
    data: arrays({ x: vector(3), y: float }, { x: [[0, 0, 0]], y: [0] }).batch(1),
    model: ({ x }) => (bias ? add(score(x), shift) : score(x)),
    loss: (f, { y }) => loss(f, y),
    optimizer: passiveAggressive(options),
  });
}

describe.each([
  ['reference', reference],
  ['wasm', wasmEngine({ threads: 1 })],
] as const)('on %s', (_, engine) => {
  test.each(
    golden.passiveAggressive.map(
      (each) =>
        [`${each.task} ${JSON.stringify(each.options)}${each.bias ? ' with a bias' : ''}`, each] as const,
    ),
  )('%s, row by row, is passive and aggressive', async (_, each) => {
    const compiled = compile(linear(each));
    const session = await engine.load(compiled.module);
    new LoadedPipeline(compiled, session).initialise(1);
    const step = session.program(compiled.contract.step.program);
    let before = [0, 0, 0, 0].slice(0, each.bias ? 4 : 3);
    each.x.forEach((row, i) => {
      step.inputs.x!.set(row);
      step.inputs.y!.set([each.y[i]!]);
      step.run(1);
      const got = [...session.read('weight'), ...(each.bias ? session.read('shift') : [])];
      const want = each.steps[i]!;
      want.forEach((value, at) => {
        expect(close(got[at]!, value, 2e-4, 2e-5), `row ${i}, weight ${at}: ${got[at]} for ${value}`).toBe(
          true,
        );
      });
      count('passive');
      // Where scikit-learn does not move, nothing may move at all, to the bit.
      if (i > 0 && `${want}` === `${each.steps[i - 1]}`) {
        expect(got).toEqual(before);
        count('still');
      }
      before = got;
    });
    session.dispose();
  });
});

test('the plain variant makes up for all of the loss in one step', () => {
  const steps = new Steps(passiveAggressive({ variant: 'pa' }), [2]);
  const x = [3, -4];
  // |y − w·x| = 6 at w = 0, and its gradient is −x.
  const { parameter } = steps.next(steps.start(values([0, 0])), values(x.map((v) => -v)), 0, 6);
  expect(parameter.data[0]! * 3 + parameter.data[1]! * -4).toBeCloseTo(6, 6);
});

describe('on graphs by hand', () => {
  test('the loss is that which is minimized, of several elements their sum', async () => {
    const w = variable(0);
    const v = variable([1, 1]);
    const target = variable(2, { trainable: false });
    const loss = add(square(subtract(v, multiply(w, 0))), abs(subtract(target, w)));
    const train = optimizer(passiveAggressive({ variant: 'pa' })).minimize(loss);
    const session = new Session();
    await session.run(globalVariablesInitializer());
    await session.run(train);
    // ℓ = 2·(1 + 2) = 6, ∂w = −2, ∂v = (2, 2): τ = 6 / 12.
    expect(await session.run(w)).toBeCloseTo(1, 6);
    expect(await session.run(v)).toEqual([0, 0]);
    await session.close();
  });

  test('gradients alone are refused', async () => {
    const w = variable(0);
    const of = optimizer(passiveAggressive());
    const pairs = of.computeGradients(square(subtract(w, 1)));
    expect(await refused(() => of.applyGradients(pairs))).toMatchObject([
      { code: 'ARG101', expected: expect.stringContaining('minimize') },
    ]);
  });
});

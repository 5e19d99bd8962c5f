/** What a module is known by: equal texts, equal modules, and whatever changes a module changes its text. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Plan, Step } from '../../compiler/5-plan/plan.ts';
import { planProgram } from '../../compiler/5-plan/plan-program.ts';
import { emitterVersion } from '../../compiler/6-emit/wasm/assembler/version.ts';
import { emit, identityOf } from '../../compiler/6-emit/wasm/index.ts';
import { compile } from '../../compiler/index.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import { cardOf } from '../../compiler/op/card.ts';
import type { Scalar, ScalarBuilder } from '../../compiler/op/scalar.ts';
import * as m from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { Chooser } from './chooser.ts';
import { contractCase } from './contract-case.ts';
import { loopCase } from './loop-case.ts';
import { planOf } from './run-plan.ts';

const count = tally('identities', { plans: 200, modules: 100 });

test('equal texts mean equal modules', () => {
  const known = new Map<string, string>();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 120 }), fc.boolean(), (seed, loops) => {
      const { plan } = (loops ? loopCase : contractCase)(new Chooser(seed));
      for (const options of [{}, { divideFrom: 0 }, { relaxedSimd: true }]) {
        const module = Buffer.from(emit(plan, options)).toString('base64');
        const text = identityOf(plan, options);
        expect(known.get(text) ?? module).toBe(module);
        known.set(text, module);
        count('plans');
      }
      count('modules');
    }),
    { numRuns: runs(150) },
  );
});

test('a program is known again when it is compiled again', () => {
  const compiled = () => {
    const model = m.sequential(m.dense(5, { activation: m.gelu }), m.dense(1));
    return compile(
      m.pipeline({
        data: m.rows({ x: m.vector(3), y: m.vector(1) }, [{ x: [1, 2, 3], y: [4] }]).batch(2),
        model: ({ x }) => model(x),
        loss: (predicted, { y }) => m.meanSquaredError(y, predicted),
        optimizer: m.adam(),
      }),
    );
  };
  const [one, other] = [compiled(), compiled()];
  for (const name of one.module.programs.keys())
    expect(identityOf(planProgram(one.module, name), {})).toBe(
      identityOf(planProgram(other.module, name), {}),
    );
});

const add = cardOf(m.add as Parameters<typeof cardOf>[0]) as Primitive;

/** x + constant, with the meaning of `card`. */
function sum(constant: number, card: Primitive = add, spans: Plan['kernels'][0]['spans'] = []): Plan {
  const region = { name: 'x', kind: 'input', dtype: 'float32', shape: [8] } as const;
  const at = (number: number) => ({ region: number, strides: [1], offset: 0 });
  const body: Step[] = [
    { kind: 'read', access: at(0), dtype: 'float32' },
    { kind: 'constant', value: constant, dtype: 'float32' },
    { kind: 'op', card, attributes: {}, args: [0, 1], dtype: 'float32' },
  ];
  const stages = [{ over: 'outer', body, stores: [{ access: at(1), value: 2 }], folds: [] }] as const;
  return planOf([region, region], [{ kind: 'loop', name: 'k', outer: [8], inner: [], stages, spans }], 1);
}

test('numbers that JSON would take for one another differ', () => {
  const texts = [0, -0, Number.NaN, Infinity, -Infinity, 1].map((value) => identityOf(sum(value), {}));
  expect(new Set(texts).size).toBe(texts.length);
});

test('another meaning under the same name differs; another place does not', () => {
  const scaled = (factor: number): Primitive => ({
    ...add,
    lower: {
      ...add.lower,
      wasm: (s: ScalarBuilder, { a, b }) => s.add(s.mul(a as Scalar, factor), b as Scalar),
    },
  });
  const texts = [add, scaled(2), scaled(3)].map((card) => identityOf(sum(1, card), {}));
  expect(new Set(texts).size).toBe(texts.length);
  const span = { ...nowhere, file: 'a.ts', line: 3 };
  expect(identityOf(sum(1, add, [span]), {})).toBe(identityOf(sum(1), {}));
});

/**
 * The modules of a fixed lot of plans, by version of the emitter. Where this fails the emitter writes other modules than
 * it did: raise `emitterVersion` and add what it writes now. (Or the lot is another: then correct the last entry.)
 */
const written: Readonly<Record<number, string>> = {
  1: '5237cc5493639770',
  2: '9f3dd3e26aa6dbfa',
};

test('the version of the emitter stands for what it writes', () => {
  const hash = createHash('sha256');
  for (let seed = 0; seed < 60; seed++) {
    for (const makeCase of [loopCase, contractCase]) {
      const { plan } = makeCase(new Chooser(seed));
      for (const options of [{}, { divideFrom: 0 }, { relaxedSimd: true }]) hash.update(emit(plan, options));
    }
  }
  expect({ [emitterVersion]: hash.digest('hex').slice(0, 16) }).toEqual({
    [emitterVersion]: written[emitterVersion],
  });
});

/** Steps that are remembered can be made again to the bit, and training goes on after a bad one as if it had never been. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Compiled } from '../../compiler/compile.ts';
import { compile } from '../../compiler/compile.ts';
import type { Engine, Session } from '../../runtime/engines/engine.ts';
import { reference } from '../../runtime/engines/reference/index.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import { areFinite, findFailure, hasFiniteLoss } from '../../runtime/run/non-finite/find-failure.ts';
import type { OnNonFinite } from '../../runtime/run/non-finite/policies.ts';
import { mend } from '../../runtime/run/non-finite/policies.ts';
import type { RecentOptions, States } from '../../runtime/run/non-finite/recent-steps.ts';
import { RecentSteps } from '../../runtime/run/non-finite/recent-steps.ts';
import { capacity, pipelineOf } from '../differential/pipeline-of.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import type { Batch } from './batches.ts';
import { batchOf } from './batches.ts';
import { rate } from './faulty-models.ts';

const count = tally('remembered steps', {
  lives: 30,
  replayed: 60,
  skipped: 20,
  clipped: 20,
  'rolled back': 20,
});

const engines: readonly Engine[] = [reference, wasm];
const choices = fc.array(fc.nat({ max: 9_999 }), { minLength: 40, maxLength: 40 });

/** A session in which a run would be, that remembers its steps. */
class Life {
  readonly recent: RecentSteps;
  readonly compiled: Compiled;
  readonly session: Session;

  private constructor(compiled: Compiled, session: Session, options: RecentOptions) {
    this.compiled = compiled;
    this.session = session;
    this.recent = new RecentSteps(session, compiled, options);
  }

  static async begin(compiled: Compiled, engine: Engine, options: RecentOptions): Promise<Life> {
    const session = await engine.load(compiled.module);
    const { init, state } = compiled.contract;
    session.write(state.seed, [11, 3]);
    session.write(state.step, [0]);
    session.program(init.program).run(1);
    return new Life(compiled, session, options);
  }

  /** Makes a step, and gives whether its loss is finite. */
  step({ rows, inputs }: Batch): boolean {
    const program = this.session.program(this.compiled.contract.step.program);
    for (const [name, values] of Object.entries(inputs)) program.inputs[name]?.set(values);
    this.recent.before(rows);
    program.run(rows);
    return hasFiniteLoss(program, this.compiled);
  }

  write(id: string, values: ArrayLike<number>): void {
    this.session.write(id, values);
    this.recent.wrote(id);
  }
}

/** States by their bits. */
const bits = (states: States): Record<string, string> =>
  Object.fromEntries(
    [...states].map(([id, { buffer, byteOffset, byteLength }]) => [
      id,
      Buffer.from(buffer, byteOffset, byteLength).toString('hex'),
    ]),
  );

const rowsAt = (i: number): number => 1 + ((i * 7) % capacity);

test.each(engines)('replayed to the bit on $name', async (engine) => {
  await fc.assert(
    fc.asyncProperty(
      choices,
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 2, max: 4 }),
      async (numbers, steps, every, pause) => {
        const compiled = compile(pipelineOf(numbers));
        const life = await Life.begin(compiled, engine, { every });
        const { recent } = life;
        const { rates, sums } = compiled.contract.state;
        const before: States[] = [];
        for (let i = 0; i < steps; i++) {
          if (i % pause === 1) {
            for (const id of sums.train) life.write(id, new Float32Array(life.session.read(id).length));
            for (const { id } of rates) life.write(id, [0.01 / (i + 1)]);
          }
          before.push(recent.states());
          life.step(batchOf(rowsAt(i), undefined, i));
        }
        expect(recent.count).toBeGreaterThanOrEqual(Math.min(steps, every));
        expect(recent.count).toBeLessThanOrEqual(2 * every);
        const first = steps - recent.count;
        for (let i = first; i < steps; i++) {
          const { rows, inputs } = batchOf(rowsAt(i), undefined, i);
          expect(bits(recent.replay(undefined, i - first)), `step ${i} of ${steps}`).toEqual(
            bits(before[i]!),
          );
          const batch = recent.batch(i - first);
          expect(batch.rows).toBe(rows);
          for (const [name, values] of Object.entries(batch.inputs))
            expect(values.subarray(0, inputs[name]?.length)).toEqual(inputs[name]);
          count('replayed');
        }
        const other = await engine.load(compiled.module);
        expect(bits(recent.replay(other))).toEqual(bits(before.at(-1)!));
        count('lives');
      },
    ),
    { numRuns: runs(15) },
  );
});

/** Batches of which some hold a NaN. */
const spoilt = (seed: number, bad: boolean): Batch => {
  const batch = batchOf(rowsAt(seed), undefined, seed);
  if (bad) batch.inputs.features?.fill(Number.NaN, 1, 2);
  return batch;
};

test.each(engines)('a skipped batch leaves no trace on $name', async (engine) => {
  await fc.assert(
    fc.asyncProperty(
      choices,
      fc.array(fc.boolean(), { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (numbers, marks, every) => {
        const compiled = compile(pipelineOf(numbers));
        const [life, good] = [
          await Life.begin(compiled, engine, { every }),
          await Life.begin(compiled, engine, { every }),
        ];
        for (const [i, bad] of marks.entries()) {
          const batch = spoilt(i, bad);
          const isFinite = life.step(batch);
          const isSound = isFinite && areFinite(life.recent.states(), compiled);
          if (isSound) {
            good.step(batch);
            continue;
          }
          expect(mend(life.recent, 'skip')).toEqual({ stepsAgo: [0] });
          count('skipped');
        }
        expect(bits(life.recent.states())).toEqual(bits(good.recent.states()));
      },
    ),
    { numRuns: runs(12) },
  );
});

test.each(engines)('a clipped step moves no parameter far on $name', async (engine) => {
  await fc.assert(
    fc.asyncProperty(
      choices,
      fc.nat({ max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      async (numbers, at, every) => {
        const compiled = compile(pipelineOf(numbers));
        const life = await Life.begin(compiled, engine, { every });
        for (let i = 0; i < at; i++) life.step(spoilt(i, false));
        const before = life.recent.states();
        const isFinite = life.step(spoilt(at, true));
        if (isFinite && areFinite(life.recent.states(), compiled)) return;
        expect(mend(life.recent, { clip: 0.125 })).toEqual({ stepsAgo: [0] });
        const after = life.recent.states();
        expect(areFinite(after, compiled)).toBe(true);
        for (const { id, role } of compiled.module.state) {
          if (role !== 'param') continue;
          const old = before.get(id)!;
          const worst = Math.max(...Array.from(after.get(id)!, (value, i) => Math.abs(value - old[i]!)));
          expect(worst).toBeLessThanOrEqual(0.125 + 1e-6);
        }
        expect(life.step(spoilt(at + 1, false))).toBe(true);
        count('clipped');
      },
    ),
    { numRuns: runs(15) },
  );
});

test.each(engines)('rolling back is as if the window had never begun on $name', async (engine) => {
  await fc.assert(
    fc.asyncProperty(
      choices,
      fc.nat({ max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      async (numbers, at, every) => {
        const compiled = compile(pipelineOf(numbers));
        const life = await Life.begin(compiled, engine, { every });
        const before: States[] = [];
        for (let i = 0; i <= at; i++) {
          before.push(life.recent.states());
          life.step(spoilt(i, i === at));
        }
        const mended = mend(life.recent, 'rollback');
        const left = (at % every) + 1;
        expect(mended?.stepsAgo).toEqual(Array.from({ length: left }, (_, i) => left - 1 - i));
        expect(bits(life.recent.states())).toEqual(bits(before[at + 1 - left]!));
        expect(life.recent.count).toBe(0);
        count('rolled back');
      },
    ),
    { numRuns: runs(12) },
  );
});

const fourRows: Batch = { rows: 4, inputs: { x: new Float32Array(16).fill(2), y: new Float32Array(4) } };

test.each(engines)('weights that the step before has spoilt are traced to it on $name', async (engine) => {
  const compiled = compile(rate);
  for (const every of [1, 2, 64]) {
    const life = await Life.begin(compiled, engine, { every });
    const start = life.recent.states();
    expect(life.step(fourRows)).toBe(true);
    expect(life.step(fourRows)).toBe(false);
    const failure = findFailure(life.recent);
    expect(failure).toMatchObject({
      stepsAgo: 1,
      found: { part: 'update', parameter: 'dense.kernel', of: 'sgd' },
    });
    expect(bits(life.recent.states())).toEqual(bits(start));
    expect(mend(life.recent, 'skip')).toEqual({ stepsAgo: [1, 0] });
    expect(bits(life.recent.states())).toEqual(bits(start));
  }
});

test('what has been spoilt for longer than is remembered cannot be mended, and is named', async () => {
  const compiled = compile(rate);
  const life = await Life.begin(compiled, wasm, { every: 1 });
  for (let i = 0; i < 5; i++) life.step(fourRows);
  const policies: readonly OnNonFinite[] = ['fail', 'skip', { clip: 1 }, 'rollback'];
  expect(policies.map((policy) => mend(life.recent, policy))).toEqual(policies.map(() => undefined));
  expect(findFailure(life.recent)).toMatchObject({
    stepsAgo: 0,
    found: { origin: 'state', state: { id: 'dense.kernel', role: 'param' } },
  });
});

test('copies of batches keep to their bytes', async () => {
  const compiled = compile(rate);
  const row = (4 + 1) * 4;
  const life = await Life.begin(compiled, wasm, { every: 64, bytes: 2 * 3 * 4 * row });
  for (let i = 0; i < 20; i++) {
    life.step(fourRows);
    expect(life.recent.count).toBeLessThanOrEqual(6);
  }
});

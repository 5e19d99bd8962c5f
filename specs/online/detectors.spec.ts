/** Drift detectors against their papers' definitions on whole streams, from specs/golden/drift.json, and against theory. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../runtime/hooks/drift/define-detector.ts';
import { detectors } from '../../runtime/hooks/drift/registry.ts';
import { cusum, defineDetector, hddmA, kswin } from '../../runtime/index.ts';
import { effort, runs } from '../support/effort.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { refused } from '../support/refused.ts';
import { tally } from '../support/tally.ts';

interface Golden {
  readonly made: string;
  readonly streams: Readonly<Record<string, readonly number[]>>;
  readonly cases: readonly {
    readonly detector: string;
    readonly options: object;
    readonly stream: string;
    /** The verdicts, each with how often in a row. */
    readonly runs: readonly (readonly [Verdict, number])[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../golden/drift.json', import.meta.url), 'utf8'));
const count = tally(`drift detectors against ${golden.made}`, {
  traces: 120,
  values: 150_000,
  warnings: 250,
  drifts: 250,
  resumed: 200,
});
const facts = new Map(detectors.map((each) => [each.name, each]));

describe.each(
  golden.cases.map(
    (each) => [`${each.detector}(${JSON.stringify(each.options)}) on ${each.stream}`, each] as const,
  ),
)('%s', (_, { detector, options, stream, runs: want }) => {
  test('gives the verdicts of the paper', () => {
    const { initialState, update } = facts.get(detector)!.make(options);
    const got: [Verdict, number][] = [];
    let state = initialState;
    for (const value of golden.streams[stream]!) {
      const detected = update(state, value);
      state = detected.state;
      const last = got.at(-1);
      if (last?.[0] === detected.verdict) last[1]++;
      else got.push([detected.verdict, 1]);
      count('values');
    }
    expect(got).toEqual(want);
    count('traces');
    for (const [verdict] of want)
      if (verdict !== 'stable') count(verdict === 'drift' ? 'drifts' : 'warnings');
  });
});

test('every detector has traces in which it finds drifts', () => {
  const drifting = golden.cases.filter((each) => each.runs.some(([verdict]) => verdict === 'drift'));
  expect(new Set(drifting.map(({ detector }) => detector))).toEqual(new Set(facts.keys()));
});

test('stopped at any value and taken up from JSON, a detector goes on as if nothing had happened', () => {
  fc.assert(
    fc.property(fc.constantFrom(...golden.cases), fc.nat(1500), fc.nat(200), (each, at, more) => {
      const values = golden.streams[each.stream]!.slice(0, at + more);
      const make = () => facts.get(each.detector)!.make(each.options);
      const [first, second] = [make(), make()];
      const before = values
        .slice(0, at)
        .reduce((state, value) => first.update(state, value).state, first.initialState);
      let [state, revived] = [before, JSON.parse(JSON.stringify(before)) as unknown];
      for (const value of values.slice(at)) {
        const [one, other] = [first.update(state, value), second.update(revived, value)];
        expect(other).toEqual(one);
        [state, revived] = [one.state, other.state];
      }
      count('resumed');
    }),
    { numRuns: runs(200) },
  );
});

test('CUSUM gives false alarms as often as Siegmund’s formula says', () => {
  const random = randomNumbers(91);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (const [slack, threshold] of [
    [0.5, 4],
    [0.25, 6],
  ] as const) {
    const b = 2 * slack * (threshold + 1.166);
    const between = (Math.exp(b) - b - 1) / (2 * slack ** 2);
    const { initialState, update } = cusum({ target: 0, deviation: 1, slack, threshold });
    const values = 150 * between * effort;
    let [state, drifts] = [initialState, 0];
    for (let i = 0; i < values; i++) {
      const detected = update(state, normal());
      state = detected.state;
      if (detected.verdict === 'drift') drifts++;
    }
    // The formula is good to a few percent; 150 alarms scatter by 8.
    expect(values / drifts / between).toBeGreaterThan(0.7);
    expect(values / drifts / between).toBeLessThan(1.4);
  }
});

test('a fall is a rise of what is left to 1', () => {
  const random = randomNumbers(92);
  const [up, down] = [hddmA(), hddmA({ direction: 'down' })];
  let [rising, falling] = [up.initialState, down.initialState];
  let drifts = 0;
  for (let i = 0; i < 4000; i++) {
    // Eighths, so that 1 − x is exact.
    const value = Math.floor(random() * (i % 1000 < 500 ? 5 : 9)) / 8;
    const [a, b] = [up.update(rising, value), down.update(falling, 1 - value)];
    expect(b.verdict).toBe(a.verdict);
    if (a.verdict === 'drift') drifts++;
    [rising, falling] = [a.state, b.state];
  }
  expect(drifts).toBeGreaterThan(2);
});

describe('what a detector cannot take is refused', () => {
  test('windows too short to draw a sample from', async () => {
    expect(await refused(() => kswin({ windowSize: 50, statSize: 30 }))).toMatchObject([
      { code: 'RUN801', expected: expect.stringContaining('60 or more') },
    ]);
  });

  test('a chance that is none, and an option misspelt', async () => {
    expect(await refused(() => hddmA({ driftConfidence: 0 }))).toMatchObject([{ code: 'RUN801' }]);
    expect(await refused(() => hddmA({ driftConfidenc: 0.1 } as object))).toMatchObject([
      { code: 'RUN801', hint: 'did you mean driftConfidence?' },
    ]);
  });

  test.each([...facts.values()].map((each) => [each.name, each] as const))('%s: NaN', async (_, { make }) => {
    const { initialState, update } = make({});
    expect(await refused(() => update(initialState, Number.NaN))).toMatchObject([{ code: 'RUN830' }]);
  });

  test('a rate, by one that counts errors, with what to use instead', async () => {
    const { initialState, update } = facts.get('ddm')!.make();
    expect(await refused(() => update(initialState, 0.25))).toMatchObject([
      { code: 'RUN830', received: '0.25', hint: expect.stringContaining('adwin') },
    ]);
  });
});

test('a user’s own detector is one like ours', () => {
  interface JumpOptions {
    readonly by?: number;
  }
  const jump = defineDetector(
    'jump',
    ({ by = 1 }: JumpOptions = {}) => ({
      initialState: { last: 0 },
      update: ({ last }, value) => ({
        state: { last: value },
        verdict: value - last > by ? 'drift' : 'stable',
      }),
    }),
    {
      takes: 'numbers',
      options: { by: { expected: 'a number', fits: Number.isFinite } },
      examples: [{ of: {}, falseAlarms: 10_000, delay: 10 }],
    },
  );
  const { initialState, update } = jump({ by: 2 });
  expect(update(initialState, 3)).toEqual({ state: { last: 3 }, verdict: 'drift' });
  expect(jump.facts.name).toBe('jump');
});

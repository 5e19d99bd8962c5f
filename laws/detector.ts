/** What every drift detector promises: plain state that stays small and is never changed in place, few false alarms, a short delay. */
import type {
  Detector,
  DetectorExample,
  DetectorFacts,
  DetectorInput,
  Verdict,
} from '../runtime/hooks/drift/define-detector.ts';
import { drawing } from './draw.ts';
import type { LawTest } from './law-test.ts';
import { hasExamples, holds } from './law-test.ts';
import { isPlain, throughJson } from './plain.ts';

/** A generated stream: its values come from one source, and from another one from `changeAt` on. */
function stream(input: DetectorInput, seed: number, length: number, changeAt = length): number[] {
  const random = drawing(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const source: Readonly<Record<DetectorInput, (changed: boolean) => number>> = {
    errors: (changed) => Number(random() < (changed ? 0.6 : 0.2)),
    fractions: (changed) => random() * 0.5 + (changed ? 0.4 : 0.1),
    numbers: (changed) => normal() + (changed ? 2 : 0),
  };
  return Array.from({ length }, (_, i) => source[input](i >= changeAt));
}

const inputOf = (facts: DetectorFacts, { on }: DetectorExample): DetectorInput => on ?? facts.takes;

/** The verdicts on a stream; `between` may do something to the state before each value. */
function verdicts(
  { initialState, update }: Detector,
  values: readonly number[],
  between: (state: unknown) => unknown = (state) => state,
): Verdict[] {
  let state = initialState;
  return values.map((value) => {
    const detected = update(between(state), value);
    state = detected.state;
    return detected.verdict;
  });
}

function frozen(state: unknown): unknown {
  if (typeof state === 'object' && state !== null) {
    Object.values(state).forEach(frozen);
    Object.freeze(state);
  }
  return state;
}

/** Kept, frozen, or put through JSON before each value, the state gives the same verdicts. */
function keepsPlainState(facts: DetectorFacts, example: DetectorExample): void {
  for (let seed = 1; seed <= 4; seed++) {
    const values = stream(inputOf(facts, example), seed, 1500, 700);
    const make = (): Detector => facts.make(example.of);
    const want = verdicts(make(), values);
    holds(want.length === values.length, 'a value without a verdict');
    const isSame = (got: readonly Verdict[]): boolean => `${got}` === `${want}`;
    holds(isSame(verdicts(make(), values, frozen)), 'a state is changed in place');
    holds(
      isSame(verdicts(make(), values, throughJson)),
      'a state that was put through JSON goes on in another way',
    );
    verdicts(make(), values, (state) => {
      holds(isPlain(state), () => `a state is no plain data: ${JSON.stringify(state)}`);
      return state;
    });
  }
}

const characters = 20_000;

function staysSmall(facts: DetectorFacts, example: DetectorExample): void {
  const detector = facts.make(example.of);
  let state = detector.initialState;
  for (const value of stream(inputOf(facts, example), 5, 20_000)) state = detector.update(state, value).state;
  const size = JSON.stringify(state).length;
  holds(size < characters, `after 20,000 values the state is ${size} characters of JSON`);
}

/** Drifts found where there are none. */
export function falseAlarms(facts: DetectorFacts, example: DetectorExample, seeds: number): number {
  const length = 4000;
  let drifts = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const values = stream(inputOf(facts, example), 1000 + seed, length);
    drifts += verdicts(facts.make(example.of), values).filter((verdict) => verdict === 'drift').length;
  }
  return (drifts / (seeds * length)) * 10_000;
}

/** After how many values a change was found, the slowest streams last; infinite where it was not. */
export function delays(facts: DetectorFacts, example: DetectorExample, seeds: number): number[] {
  const changeAt = 1000;
  return Array.from({ length: seeds }, (_, i) => {
    const values = stream(inputOf(facts, example), 2000 + i, changeAt + 2000, changeAt);
    const found = verdicts(facts.make(example.of), values).indexOf('drift', changeAt);
    return found < 0 ? Number.POSITIVE_INFINITY : found - changeAt + 1;
  }).sort((a, b) => a - b);
}

const seeds = 20;

function isSilent(facts: DetectorFacts, example: DetectorExample): void {
  const got = falseAlarms(facts, example, seeds);
  holds(
    got <= example.falseAlarms,
    `${got} false alarms in 10,000 values, ${example.falseAlarms} are claimed`,
  );
}

function isQuick(facts: DetectorFacts, example: DetectorExample): void {
  const found = delays(facts, example, seeds);
  const slow = found.filter((delay) => delay > example.delay);
  holds(
    slow.length <= seeds / 20,
    () => `in ${slow.length} of ${seeds} streams a change is found after ${slow} values`,
  );
}

function refusesOthers(facts: DetectorFacts): void {
  const isRefused = (make: () => unknown): boolean => {
    try {
      make();
      return false;
    } catch {
      return true;
    }
  };
  for (const option of facts.options)
    holds(
      isRefused(() => facts.make({ [option]: {} })),
      `${option} takes any value`,
    );
  holds(
    isRefused(() => facts.make({ anOptionOfNone: 1 })),
    'an option that it does not have is taken',
  );
  const detector = facts.make({});
  const bad = { errors: [0.5, -1, Number.NaN], fractions: [1.5, -0.1, Number.NaN], numbers: [Number.NaN] };
  for (const value of [...bad[facts.takes], Number.POSITIVE_INFINITY])
    holds(
      isRefused(() => detector.update(detector.initialState, value)),
      `the value ${value} is taken`,
    );
}

/** The laws of one kind of drift detector, for each of its examples. */
export function lawsOfDetector(facts: DetectorFacts): LawTest[] {
  const perExample = facts.examples.flatMap((example, i): LawTest[] => {
    const named = (name: string, law: typeof keepsPlainState): LawTest => ({
      name: `example ${i + 1} ${name}`,
      run: () => law(facts, example),
    });
    return [
      named('keeps plain state', keepsPlainState),
      named('keeps a small state', staysSmall),
      named('gives few false alarms', isSilent),
      named('finds a change soon', isQuick),
    ];
  });
  return [
    hasExamples(facts),
    { name: 'refuses what it cannot take', run: () => refusesOthers(facts) },
    ...perExample,
  ];
}

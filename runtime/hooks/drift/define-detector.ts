/** What a drift detector is: a machine that reads one value after another and says whether they still come from one source. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN830 } from '../../../compiler/diagnostics/run.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { OptionRules } from '../../run/check-options.ts';
import { checkOptions } from '../../run/check-options.ts';

/** `drift`: the values come from another source now. `warning`: they may; few detectors say so. */
export type Verdict = 'stable' | 'warning' | 'drift';

/** What a detector makes of one value. */
export interface Detected<State> {
  readonly state: State;
  readonly verdict: Verdict;
}

/** A Mealy machine on numbers. Its state is plain data, of a size that hardly grows, and is never changed in place. */
export interface Detector<State = unknown> {
  readonly name: string;
  readonly initialState: State;
  /**
   * The next state, and the verdict on the values so far. After a `drift` the detector has begun anew, or dropped what
   * came before. Refuses with RUN830 a value that it cannot take.
   */
  // A method, so that detectors of any state can stand in one place.
  update(state: State, value: number): Detected<State>;
}

/** What values a detector takes: `errors` are 0 or 1, `fractions` from 0 to 1, `numbers` any that are finite. */
export type DetectorInput = 'errors' | 'fractions' | 'numbers';

/** What an author claims of a detector made of these options, and the laws try on generated streams. */
export interface DetectorExample<Options = object> {
  readonly of: Options;
  /** What kind of values it is tried on. Default: what it takes. */
  readonly on?: DetectorInput;
  /** At most this many drifts are found in 10,000 values of one source. */
  readonly falseAlarms: number;
  /** An abrupt change is found within this many values, in 19 of 20 streams. */
  readonly delay: number;
}

/** A kind of detector, as registries and laws know it. */
export interface DetectorFacts {
  readonly family: 'detector';
  readonly name: string;
  readonly takes: DetectorInput;
  readonly options: readonly string[];
  readonly examples: readonly DetectorExample[];
  /** Makes one of options such as those of the examples. A method, so that kinds of any options can stand in one list. */
  make(options?: object): Detector;
}

/** The function that makes detectors of one kind. */
export type DetectorKind<Options, State> = ((options?: Options) => Detector<State>) & {
  readonly facts: DetectorFacts;
};

interface Claims<Options> {
  /** What each option takes: all else is refused with RUN801. */
  readonly options: OptionRules<Options>;
  readonly takes: DetectorInput;
  readonly examples: readonly DetectorExample<Options>[];
}

const inputs: Readonly<Record<DetectorInput, readonly [expected: string, fits: (value: number) => boolean]>> =
  {
    errors: ['0, or 1 for an error', (value) => value === 0 || value === 1],
    fractions: ['a number from 0 to 1', (value) => value >= 0 && value <= 1],
    numbers: ['a finite number', Number.isFinite],
  };

/**
 * Defines a kind of detector:
 * `defineDetector('jump', ({ by = 1 }: JumpOptions = {}) => ({ initialState, update }), { options, takes: 'numbers', examples })`.
 */
export function defineDetector<Options extends object, State>(
  kind: string,
  define: (options?: Options) => Omit<Detector<State>, 'name'>,
  { options: rules, takes, examples }: Claims<NoInfer<Options>>,
): DetectorKind<Options, State> {
  const [expected, fits] = inputs[takes];
  const make = (options?: Options): Detector<State> => {
    if (options !== undefined) checkOptions(kind, options, rules);
    const { initialState, update } = define(options);
    return {
      name: kind,
      initialState,
      update(state, value) {
        if (fits(value)) return update(state, value);
        const message = `${kind} cannot take this value`;
        return refuse(
          RUN830({ message, span: nowhere, expected, received: String(value), hint: hints[takes] }),
        );
      },
    };
  };
  Object.defineProperty(make, 'name', { value: kind });
  const names = Object.keys(rules);
  const facts: DetectorFacts = { family: 'detector', name: kind, takes, options: names, examples, make };
  return Object.assign(make, { facts });
}

const hints: Readonly<Record<DetectorInput, string>> = {
  errors: 'for rates take hddmA or hddmW, for losses adwin or pageHinkley',
  fractions: 'for values of any size take adwin, kswin, pageHinkley or cusum',
  numbers: 'leave out values that are not numbers',
};

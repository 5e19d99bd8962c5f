/** Options of the runtime's functions, checked where TypeScript has not: names that exist, and values that fit. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import { valueText } from '../data/value-text.ts';

export interface OptionRule {
  /** What a value must be, in words. */
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
  /** What to write instead of a value that does not fit. */
  readonly hint?: string;
}

/** Every option of a function by its name. */
export type OptionRules<Options> = { readonly [Name in keyof Required<Options>]: OptionRule };

/** What other libraries call it, and how it is said here. */
const habits: Readonly<Record<string, string>> = {
  callbacks: 'hooks: [earlyStopping()]',
  batchSize: 'the dataset says it: rows.batch(32)',
  batch_size: 'the dataset says it: rows.batch(32)',
  shuffle: 'the dataset says it: rows.shuffle()',
  validationData: 'the pipeline says it: validation: rows.batch(32)',
  validation_data: 'the pipeline says it: validation: rows.batch(32)',
  validationSplit: 'split(rows, { train: 0.8, validation: 0.2 }), and validation in the pipeline',
  learningRate: 'the optimizer says it: adam({ learningRate: 0.01 })',
  verbose: 'hooks: [progress()]',
  min_delta: 'minDelta',
  restoreBestWeights: 'restoreBest',
  restore_best_weights: 'restoreBest',
};

/**
 * Refuses with RUN801 what is no record, an option that `of` does not have, and a value that does not fit. An option that
 * is undefined is one that is not given.
 */
export function checkOptions<Options>(of: string, options: Options, rules: OptionRules<Options>): void {
  const span = siteSpan();
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const names = Object.keys(rules).slice(0, 3).join(', ');
    const message = `${of} takes its options as one object`;
    refuse(RUN801({ message, span, expected: `{ ${names}, … }`, received: valueText(options) }));
  }
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof Options] : undefined;
    if (!rule) refuse(unknownOption(of, name, Object.keys(rules)));
    if (value === undefined || rule.fits(value)) continue;
    refuse(
      RUN801({
        message: `${of} cannot use this value of ${name}`,
        span,
        expected: rule.expected,
        received: valueText(value),
        ...(rule.hint !== undefined && { hint: rule.hint }),
      }),
    );
  }
}

function unknownOption(of: string, name: string, known: readonly string[]): ReturnType<typeof RUN801> {
  const meant = nearest(name, known);
  const habit = Object.hasOwn(habits, name) ? habits[name] : undefined;
  const hint = habit ?? (meant && `did you mean ${meant}?`);
  return RUN801({
    message: `${of} has no option ${name}`,
    span: siteSpan(),
    expected: known.join(', '),
    received: name,
    ...(hint !== undefined && { hint }),
  });
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Rules that several functions share. */
export const rule = {
  count: (of: string): OptionRule => ({ expected: `a whole number ${of}, 0 or more`, fits: isCount }),
  positive: (of: string): OptionRule => ({
    expected: `a whole number ${of}, 1 or more`,
    fits: (value) => isCount(value) && value > 0,
  }),
  finite: { expected: 'a finite number', fits: Number.isFinite },
  text: { expected: 'text', fits: (value) => typeof value === 'string' },
  flag: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  object: { expected: 'an object', fits: (value) => typeof value === 'object' && value !== null },
  seed: { expected: 'a whole number from 0 to 2^53 - 1', fits: isCount },
  signal: {
    expected: 'an AbortSignal',
    fits: (value) => value instanceof AbortSignal,
    hint: 'signal: controller.signal',
  },
  oneOf: (...values: readonly string[]): OptionRule => ({
    expected: values.map((value) => `'${value}'`).join(' or '),
    fits: (value) => typeof value === 'string' && values.includes(value),
  }),
  /** Checked by whoever uses it. */
  any: { expected: 'a value', fits: () => true },
} as const satisfies Readonly<Record<string, OptionRule | ((...args: never[]) => OptionRule)>>;

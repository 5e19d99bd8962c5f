/** Stops training when what it watches has not become better for a while. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { RUN801, RUN805 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { atEnd, restore, snapshot } from '../commands/snapshot.ts';
import { stop } from '../commands/stop.ts';
import type { EpochFinished, RunResumed, RunStarted } from '../events/event.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { defineHookKind } from './define-hook.ts';

export interface EarlyStoppingOptions {
  /** `loss`, a metric's name, `validation.loss` or `validation.NAME`. Default `validation.loss`. */
  readonly monitor?: string | undefined;
  /** A change counts as better only when it is greater than this. Default 0. */
  readonly minDelta?: number | undefined;
  /** How many epochs in a row may pass without anything better. Default 0. */
  readonly patience?: number | undefined;
  /** Which way is better; default `auto`: losses and errors down, accuracies and the like up. */
  readonly mode?: 'auto' | 'min' | 'max' | undefined;
  /** A value that must be beaten as well before patience is renewed. */
  readonly baseline?: number | undefined;
  /** How many epochs pass before watching begins. Default 0. */
  readonly startFromEpoch?: number | undefined;
  /** Ends with the best epoch's weights, however the run ends: stopped, finished, cancelled or failed. */
  readonly restoreBest?: boolean | undefined;
}

export interface EarlyStoppingState {
  /** The best value so far; null before there is one. */
  readonly best: number | null;
  readonly bestEpoch: number;
  /** Epochs since patience was renewed. */
  readonly waited: number;
}

const generation = 'earlyStopping.best';

const rules: OptionRules<EarlyStoppingOptions> = {
  monitor: rule.text,
  minDelta: rule.finite,
  patience: rule.count('of epochs'),
  mode: rule.oneOf('auto', 'min', 'max'),
  baseline: rule.finite,
  startFromEpoch: rule.count('of epochs'),
  restoreBest: rule.flag,
};

/** Stops the run when `monitor` has not become better for `patience` epochs: Keras's EarlyStopping. */
export const earlyStopping = defineHookKind(
  'earlyStopping',
  (options: EarlyStoppingOptions = {}) => {
    const { monitor = 'validation.loss', minDelta = 0, patience = 0, baseline, startFromEpoch = 0 } = options;
    const { restoreBest = false } = options;
    checkOptions('earlyStopping', options, rules);
    const direction = directionOf(monitor, options.mode ?? 'auto');
    const better = (value: number, than: number): boolean => direction * (value - than) > Math.abs(minDelta);
    const keep = restoreBest ? [snapshot(generation), atEnd(restore(generation))] : [];
    const initialState: EarlyStoppingState = { best: null, bestEpoch: 0, waited: 0 };
    return {
      initialState,
      events: ['runStarted', 'runResumed', 'epochFinished'],
      on(state, event) {
        if (event.type === 'runStarted' || event.type === 'runResumed') checkMonitor(monitor, event);
        if (event.type !== 'epochFinished' || event.epoch <= startFromEpoch) return undefined;
        const value = monitored(monitor, event);
        // Without an evaluation in this epoch there is nothing to go by.
        if (value === undefined) return undefined;
        if (Number.isFinite(value) && (state.best === null || better(value, state.best))) {
          const renewed = baseline === undefined || better(value, baseline);
          const next = { best: value, bestEpoch: event.epoch, waited: renewed ? 0 : state.waited + 1 };
          return { state: next, commands: keep };
        }
        const next = { ...state, waited: state.waited + 1 };
        return { state: next, commands: event.epoch > 1 ? verdict(next) : [] };
      },
    };

    function verdict({ waited, best, bestEpoch }: EarlyStoppingState) {
      if (waited < patience) return [];
      const record = best === null ? 'it was never a number' : `the best was ${best} in epoch ${bestEpoch}`;
      return [stop(`earlyStopping: ${monitor} has not become better for ${waited} epochs; ${record}`)];
    }
  },
  {
    examples: [
      [{ monitor: 'loss', patience: 1 }],
      [{ patience: 2, restoreBest: true }],
      [{ monitor: 'validation.error', mode: 'max' }],
    ],
  },
);

function monitored(monitor: string, event: EpochFinished): number | undefined {
  const validation = monitor.startsWith('validation.');
  const evaluation = validation ? event.validation : event;
  const name = validation ? monitor.slice('validation.'.length) : monitor;
  return name === 'loss' ? evaluation?.loss : evaluation?.metrics[name];
}

function directionOf(monitor: string, mode: 'auto' | 'min' | 'max'): 1 | -1 {
  if (mode !== 'auto') return mode === 'max' ? 1 : -1;
  if (/(loss|error|entropy|divergence)$/i.test(monitor)) return -1;
  if (/(acc|accuracy|auc|precision|recall|f1|score|similarity)$/i.test(monitor)) return 1;
  return refuse(
    RUN801({
      message: `earlyStopping cannot tell whether ${monitor} should rise or fall`,
      span: siteSpan(),
      expected: "mode: 'min' or mode: 'max'",
      received: "mode: 'auto'",
    }),
  );
}

function checkMonitor(monitor: string, { metrics, validation }: RunStarted | RunResumed): void {
  const own = ['loss', ...metrics];
  const known = validation ? [...own, ...own.map((name) => `validation.${name}`)] : own;
  if (known.includes(monitor)) return;
  const lacking = !validation && /^val(idation\.|_)/.test(monitor);
  const guess = nearest(monitor.replace(/^val_/, 'validation.'), known);
  const hint = lacking ? 'give the pipeline validation: rows.batch(size)' : guess && `did you mean ${guess}?`;
  refuse(
    RUN805({
      message: `earlyStopping monitors ${monitor}, which this run does not have`,
      span: nowhere,
      expected: known.join(', '),
      received: monitor,
      ...(hint !== undefined && { hint }),
    }),
  );
}

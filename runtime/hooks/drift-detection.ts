/** Tells when the batches of a run begin to come from another source, and answers with commands. */

import type { Command } from '../commands/index.ts';
import { report } from '../commands/report.ts';
import type { OptionRule, OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { batchValue, checkBatchMonitor } from './batch-value.ts';
import { defineHookKind } from './define-hook.ts';
import { adwin } from './drift/adwin.ts';
import type { Detector, Verdict } from './drift/define-detector.ts';
import { pageHinkley } from './drift/page-hinkley.ts';

export interface DriftDetectionOptions {
  /**
   * What the detector is fed, a value a batch: `loss`, `losses.NAME` of an objective, or a metric by its name, which must be
   * a mean over rows. Default `loss`. All are of the batch before it was trained on.
   */
  readonly monitor?: string | undefined;
  /** Default `adwin()`. */
  readonly detector?: Detector | undefined;
  /** Feeds 1 − value: an accuracy as the error that `ddm` and `hddmA` watch. Default false. */
  readonly complement?: boolean | undefined;
  /** How many steps pass before watching begins, so that learning is not taken for drift. Default 0. */
  readonly startFromStep?: number | undefined;
  /** What the run is asked for at each drift: `[setLearningRate(0.1)]`, `[stop('drift')]`. */
  readonly onDrift?: readonly Command[] | undefined;
}

export interface DriftDetectionState {
  /** The detector's own state. */
  readonly detector: unknown;
  readonly verdict: Verdict;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const detectorRule: OptionRule = {
  expected: 'a drift detector such as adwin()',
  fits: (value) =>
    isObject(value) && 'update' in value && typeof value.update === 'function' && 'initialState' in value,
  hint: 'adwin, ddm, eddm, hddmA, hddmW, kswin, pageHinkley and cusum make one: detector: adwin()',
};

const commandsRule: OptionRule = {
  expected: 'a list of commands',
  fits: (value) => Array.isArray(value) && value.every((each) => isObject(each) && 'command' in each),
  hint: "onDrift: [stop('drift')]",
};

const rules: OptionRules<DriftDetectionOptions> = {
  monitor: rule.text,
  detector: detectorRule,
  complement: rule.flag,
  startFromStep: rule.count('of steps'),
  onDrift: commandsRule,
};

/**
 * Feeds the loss or a metric of each batch to a drift detector, and makes a `driftDetected` event at each drift and at the
 * beginning of each warning; a drift asks for what `onDrift` says, too. The detector is part of the hook's state. Values that are
 * no numbers are passed over.
 *
 *     driftDetection({ monitor: 'accuracy', complement: true, detector: hddmA(), onDrift: [setLearningRate(0.1)] })
 *
 * Refuses a wrong option with RUN801, what the run does not have with RUN805, a value that the detector does not take with RUN830.
 */
export const driftDetection = defineHookKind(
  'driftDetection',
  (options: DriftDetectionOptions = {}) => {
    checkOptions('driftDetection', options, rules);
    const { monitor = 'loss', complement = false, startFromStep = 0, onDrift = [] } = options;
    const detector: Detector = options.detector ?? adwin();
    const initialState: DriftDetectionState = {
      detector: detector.initialState,
      verdict: 'stable',
    };
    return {
      initialState,
      events: ['runStarted', 'runResumed', 'batchFinished'],
      batchMetrics: monitor !== 'loss',
      on(state, event) {
        if (event.type === 'runStarted' || event.type === 'runResumed')
          checkBatchMonitor('driftDetection', monitor, event);
        if (event.type !== 'batchFinished') return undefined;
        const given = batchValue('driftDetection', monitor, event);
        const value = complement ? 1 - given : given;
        if (event.step <= startFromStep || !Number.isFinite(value)) return undefined;
        const { state: next, verdict } = detector.update(state.detector, value);
        const isNews = verdict === 'drift' || (verdict === 'warning' && state.verdict !== 'warning');
        return {
          state: { detector: next, verdict },
          commands: [
            ...(isNews
              ? [report({ type: 'driftDetected', detector: detector.name, monitor, verdict, value })]
              : []),
            ...(verdict === 'drift' ? onDrift : []),
          ],
        };
      },
    };
  },
  {
    examples: [
      [],
      [{ monitor: 'error', detector: pageHinkley({ minInstances: 3, threshold: 0.5 }), startFromStep: 2 }],
      [{ monitor: 'loss', detector: pageHinkley({ minInstances: 2, threshold: 1, direction: 'both' }) }],
    ],
  },
);

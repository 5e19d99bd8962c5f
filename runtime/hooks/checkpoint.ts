/** Keeps a run on disk, so that it can be gone on with after whatever ends it. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckpointNow } from '../commands/checkpoint.ts';
import type { EpochFinished } from '../events/event.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { pathOf } from '../store/model/save.ts';
import { defineHookKind } from './define-hook.ts';
import type { Every, Last } from './every.ts';
import { everyRule, isDue } from './every.ts';
import { checkMonitor, directionOf, monitored } from './monitor.ts';

export interface CheckpointOptions {
  /** How often: every so many steps, so many seconds, or at the end of every epoch. Default: every 60 seconds. */
  readonly every?: Every | undefined;
  /** How many of the newest are kept, from 1; two that are whole always are. Default 3. */
  readonly keep?: number | undefined;
  /**
   * Begins anew in a directory that holds checkpoints: they are retired as new ones come. Default false: such a run is refused
   * (STO804) unless it resumes.
   */
  readonly fresh?: boolean | undefined;
  /** Keeps the best one as well: by `loss`, a metric's name, `validation.loss` or `validation.NAME`, measured at the ends of epochs. */
  readonly best?: string | undefined;
  /** Which way is better; default `auto`: losses and errors down, accuracies and the like up. */
  readonly mode?: 'auto' | 'min' | 'max' | undefined;
}

const rules: OptionRules<CheckpointOptions> = {
  every: everyRule,
  keep: rule.positive('of checkpoints'),
  best: rule.text,
  fresh: rule.flag,
  mode: rule.oneOf('auto', 'min', 'max'),
};

/**
 * Writes checkpoints into a directory while training goes on, and one when the run ends or fails between two steps: weights,
 * slots, sums, the positions of the data, what hooks know. `train(p, { hooks: [checkpoint('runs/power')], resume: true })` goes on from the newest that
 * is whole, as if nothing had happened. Refused with STO801 where another run writes there.
 */
export const checkpoint = defineHookKind(
  'checkpoint',
  (directory: string | URL, options: CheckpointOptions = {}) => {
    checkOptions('checkpoint', options, rules);
    const { every = [60, 'seconds'], keep = 3, best, mode = 'auto', fresh = false } = options;
    const direction = best === undefined ? undefined : directionOf('checkpoint', best, mode);
    const path = pathOf(directory);
    const initialState: Last = { step: 0, time: undefined };
    const take = (metric?: CheckpointNow['metric']): CheckpointNow => ({
      command: 'checkpoint',
      directory: path,
      ...(metric && { metric }),
    });
    const measured = (event: EpochFinished): CheckpointNow['metric'] => {
      const value = best === undefined ? undefined : monitored(best, event);
      return value === undefined ? undefined : { value, mode: direction === 1 ? 'max' : 'min' };
    };
    return {
      initialState,
      checkpoints: { directory: path, keep, fresh },
      events: [
        'runStarted',
        'runResumed',
        'epochFinished',
        ...(every === 'epoch' ? [] : (['batchFinished'] as const)),
      ],
      on(state, event) {
        if (event.type === 'runStarted' || event.type === 'runResumed') {
          if (best !== undefined) checkMonitor('checkpoint', best, event);
          return { state: { ...state, time: event.time } };
        }
        if (event.type === 'epochFinished' && (every === 'epoch' || best !== undefined)) {
          return { state: { step: event.step, time: event.time }, commands: [take(measured(event))] };
        }
        if (!isDue(every, state, event)) return undefined;
        return { state: { step: event.step, time: event.time }, commands: [take()] };
      },
    };
  },
  {
    examples: [
      [join(tmpdir(), 'millrace-laws-of-checkpoint'), { every: 'epoch', best: 'loss', fresh: true }],
    ],
  },
);

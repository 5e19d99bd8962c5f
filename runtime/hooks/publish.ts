/** Publishes the weights from time to time, for predictions while training goes on. */
import { publishNow } from '../commands/publish.ts';
import type { OptionRules } from '../run/check-options.ts';
import { checkOptions } from '../run/check-options.ts';
import { defineHookKind } from './define-hook.ts';
import type { Every } from './every.ts';
import { everyRule, isDue } from './every.ts';

export interface PublishOptions {
  /** How often: every so many steps, so many seconds, or at the end of every epoch. Default: every second. */
  readonly every?: Every | undefined;
}

const rules: OptionRules<PublishOptions> = { every: everyRule };

/** `run.serving.predict(rows)` answers by the version that was published last: the first one after the first step, or as a run is gone on with. */
export const publish = defineHookKind(
  'publish',
  (options: PublishOptions = {}) => {
    checkOptions('publish', options, rules);
    const { every = [1, 'seconds'] } = options;
    return {
      initialState: { step: 0, time: undefined as number | undefined },
      events: ['runResumed', 'batchFinished', 'epochFinished'],
      on(last, event) {
        // What was learned before answers until there is something newer.
        if (event.type === 'runResumed') return { commands: [publishNow()] };
        const { step, time } = event;
        const isFirst = last.time === undefined;
        if (!isFirst && !isDue(every, last, event)) return undefined;
        return { state: { step, time }, commands: [publishNow()] };
      },
    };
  },
  { examples: [[], [{ every: [3, 'steps'] }], [{ every: 'epoch' }]] },
);

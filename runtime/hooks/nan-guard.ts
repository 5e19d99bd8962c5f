/** Fails the run at the first batch whose loss is no number. */

import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN802 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { defineHookKind } from './define-hook.ts';

/** On in every run unless it is told `nanGuard: false`. Fails the run with RUN802. */
export const nanGuard = defineHookKind(
  'nanGuard',
  () => ({
    /** How many steps were made before the present epoch. */
    initialState: { before: 0 },
    events: ['epochStarted', 'batchFinished'],
    on({ before }, event) {
      if (event.type === 'epochStarted') return { state: { before: event.step } };
      if (event.type !== 'batchFinished' || Number.isFinite(event.loss)) return undefined;
      return refuse(
        RUN802({
          message: `the loss became ${event.loss} at step ${event.step}, batch ${event.step - before} of epoch ${event.epoch}`,
          span: nowhere,
          expected: 'a finite number',
          received: String(event.loss),
          hint: 'look for log(0), division by 0 and inputs that are not scaled, or lower the learning rate; nanGuard: false lets it go on',
        }),
      );
    },
  }),
  { examples: [[]] },
);

/** Fails the run at the first batch whose loss is no number. */

import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN802 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Hook } from './define-hook.ts';
import { defineHook } from './define-hook.ts';

/** On in every run unless it is told `nanGuard: false`. */
export function nanGuard(): Hook<{ batch: number }> {
  return defineHook({
    name: 'nanGuard',
    initialState: { batch: 0 },
    events: ['epochStarted', 'batchFinished'],
    on(state, event) {
      if (event.type === 'epochStarted') return { state: { batch: 0 } };
      if (event.type !== 'batchFinished') return undefined;
      // The state is the hook's own and is never handed out: counting in place spares an object a batch.
      state.batch++;
      if (Number.isFinite(event.loss)) return undefined;
      return refuse(
        RUN802({
          message: `the loss became ${event.loss} at step ${event.step}, batch ${state.batch} of epoch ${event.epoch}`,
          span: nowhere,
          expected: 'a finite number',
          received: String(event.loss),
          hint: 'look for log(0), division by 0 and inputs that are not scaled, or lower the learning rate; nanGuard: false lets it go on',
        }),
      );
    },
  });
}

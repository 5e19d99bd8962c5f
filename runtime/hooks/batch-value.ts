/** What hooks monitor of each batch: its loss, or a metric of it that is a mean over rows. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { RUN805 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { BatchFinished, RunResumed, RunStarted } from '../events/event.ts';

/** Refuses with RUN805, before the first step, to monitor what the run does not have. */
export function checkBatchMonitor(hook: string, monitor: string, { metrics }: RunStarted | RunResumed): void {
  // Which objectives there are shows in the first batch.
  if (!monitor.startsWith('losses.')) requireMonitor(hook, monitor, ['loss', ...metrics]);
}

/** `loss` and `losses.NAME`, or a metric over the rows of the batch: all with the weights before it was trained on. */
export function batchValue(hook: string, monitor: string, event: BatchFinished): number {
  const { loss, losses = {}, batchMetrics = {} } = event;
  if (monitor === 'loss') return loss;
  const isLoss = monitor.startsWith('losses.');
  const value = isLoss ? losses[monitor.slice('losses.'.length)] : batchMetrics[monitor];
  if (value === undefined) {
    const known = Object.keys(losses).map((name) => `losses.${name}`);
    requireMonitor(hook, monitor, ['loss', ...known, ...Object.keys(batchMetrics)]);
  }
  return value ?? Number.NaN;
}

function requireMonitor(hook: string, monitor: string, known: readonly string[]): void {
  if (known.includes(monitor)) return;
  const guess = nearest(monitor, known);
  refuse(
    RUN805({
      message: `${hook} monitors ${monitor}, which the batches of this run do not have`,
      span: nowhere,
      expected: known.join(', '),
      received: monitor,
      ...(guess !== undefined && { hint: `did you mean ${guess}?` }),
    }),
  );
}

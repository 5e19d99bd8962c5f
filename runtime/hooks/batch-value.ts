/** What hooks monitor of each batch: its loss, or what it added to a metric that is a mean over rows. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { RUN805 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { BatchFinished, RunResumed, RunStarted } from '../events/event.ts';

/** A metric over the rows of the epoch so far. */
export interface EpochMean {
  readonly epoch: number;
  readonly rows: number;
  readonly mean: number;
}

export const noRows: EpochMean = { epoch: 0, rows: 0, mean: 0 };

/** The value of one batch, and what the next one's is worked out from. */
export interface BatchValue {
  readonly value: number;
  readonly soFar: EpochMean;
}

/** Refuses with RUN805, before the first step, to monitor what the run does not have. */
export function checkBatchMonitor(hook: string, monitor: string, { metrics }: RunStarted | RunResumed): void {
  // Which objectives there are shows in the first batch.
  if (!monitor.startsWith('losses.')) requireMonitor(hook, monitor, ['loss', ...metrics]);
}

/**
 * `loss` and `losses.NAME` are those of the batch. A metric is told over the rows of the epoch so far, m of n; as a mean over
 * rows it was m′ of n′ before, and of the batch alone it is (m·n − m′·n′)/(n − n′). Metrics are float32: where the rows of a
 * batch add up to a whole number, as hits and errors do, what rounding has left is taken away.
 */
export function batchValue(
  hook: string,
  monitor: string,
  before: EpochMean,
  event: BatchFinished,
): BatchValue {
  const { epoch, size, loss, losses = {}, metrics } = event;
  if (monitor === 'loss') return { value: loss, soFar: noRows };
  if (monitor.startsWith('losses.')) {
    const known = Object.keys(losses).map((name) => `losses.${name}`);
    requireMonitor(hook, monitor, ['loss', ...known, ...Object.keys(metrics)]);
    return { value: losses[monitor.slice('losses.'.length)] ?? Number.NaN, soFar: noRows };
  }
  const mean = metrics[monitor] ?? Number.NaN;
  const past = before.epoch === epoch ? before : noRows;
  const rows = past.rows + size;
  const added = mean * rows - past.mean * past.rows;
  const whole = Math.round(added) || 0;
  const rounding = rows * Math.max(Math.abs(mean), Math.abs(past.mean)) * 2 ** -22;
  const value = (Math.abs(added - whole) <= rounding ? whole : added) / size;
  return { value, soFar: { epoch, rows, mean: Number.isFinite(mean) ? mean : 0 } };
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

/** Values that hooks monitor: their names, where they stand in events, and which way is better. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { RUN801, RUN805 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { EpochFinished, RunResumed, RunStarted } from '../events/event.ts';

/** `loss`, a metric's name, `validation.loss` or `validation.NAME`; undefined where this epoch has no such value. */
export function monitored(monitor: string, event: EpochFinished): number | undefined {
  const validation = monitor.startsWith('validation.');
  const evaluation = validation ? event.validation : event;
  const name = validation ? monitor.slice('validation.'.length) : monitor;
  return name === 'loss' ? evaluation?.loss : evaluation?.metrics[name];
}

/** 1 where more is better. RUN801 where that cannot be told by the name. */
export function directionOf(hook: string, monitor: string, mode: 'auto' | 'min' | 'max'): 1 | -1 {
  if (mode !== 'auto') return mode === 'max' ? 1 : -1;
  if (/(loss|error|entropy|divergence)$/i.test(monitor)) return -1;
  if (/(acc|accuracy|auc|precision|recall|f1|score|similarity)$/i.test(monitor)) return 1;
  return refuse(
    RUN801({
      message: `${hook} cannot tell whether ${monitor} should rise or fall`,
      span: siteSpan(),
      expected: "mode: 'min' or mode: 'max'",
      received: "mode: 'auto'",
    }),
  );
}

/** Refuses with RUN805 what the run does not have. */
export function checkMonitor(
  hook: string,
  monitor: string,
  { metrics, validation }: RunStarted | RunResumed,
): void {
  const own = ['loss', ...metrics];
  const known = validation ? [...own, ...own.map((name) => `validation.${name}`)] : own;
  if (known.includes(monitor)) return;
  const lacking = !validation && /^val(idation\.|_)/.test(monitor);
  const guess = nearest(monitor.replace(/^val_/, 'validation.'), known);
  const hint = lacking ? 'give the pipeline validation: rows.batch(size)' : guess && `did you mean ${guess}?`;
  refuse(
    RUN805({
      message: `${hook} monitors ${monitor}, which this run does not have`,
      span: nowhere,
      expected: known.join(', '),
      received: monitor,
      ...(hint !== undefined && { hint }),
    }),
  );
}

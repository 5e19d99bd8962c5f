/** How a run ends: what its last event says. */
import type { Diagnostic, DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Told } from '../commands/command.ts';
import type { Evaluation, TerminalEvent } from '../events/event.ts';
import { noRows } from '../model/evaluation.ts';
import type { RunState } from './run-state.ts';

export type ToldLast = Extract<Told, { readonly type: TerminalEvent['type'] }>;

export function finished(
  state: RunState,
  evaluation: Evaluation | undefined,
  halted: string | undefined,
  epochs: number,
): ToldLast {
  const { stopped, epoch, step, validation } = state;
  const { loss = Number.NaN, losses, metrics = {} } = evaluation ?? {};
  return {
    type: 'runFinished',
    reason: stopped ?? halted ?? (epoch >= epochs ? 'epochs' : 'steps'),
    steps: step,
    epochs: epoch,
    loss,
    ...(losses && { losses }),
    metrics,
    ...(validation && { validation }),
  };
}

export function failed(failure: DiagnosticError): ToldLast {
  const [error, ...others] = failure.diagnostics as readonly [Diagnostic, ...Diagnostic[]];
  return { type: 'runFailed', error, ...(others.length > 0 && { others }) };
}

export function emptyEpoch(epoch: number): Diagnostic {
  const hint =
    epoch > 1
      ? 'a source that has ended begins again only when from is given a function that opens it'
      : undefined;
  return noRows(epoch > 1 ? `the data of epoch ${epoch}` : 'the data', hint);
}

/** Looks at the loss of each step, and does what the policy says when it is no number. */

import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN802 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Runnable } from '../engines/engine.ts';
import type { BatchFinished } from '../events/event.ts';
import type { Hook } from '../hooks/define-hook.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';
import { nonFiniteDiagnostic } from './non-finite/diagnostic.ts';
import { findFailure, hasFiniteLoss } from './non-finite/find-failure.ts';
import type { OnNonFinite } from './non-finite/policies.ts';
import { mend } from './non-finite/policies.ts';
import { RecentSteps } from './non-finite/recent-steps.ts';

/** What was found, and what was done. */
export interface Mending {
  readonly error: Diagnostic;
  /** The steps that were left out, or limited. */
  readonly steps: readonly number[];
}

export class NonFiniteGuard {
  readonly policy: OnNonFinite;
  private readonly recent: RecentSteps;

  constructor({ session, compiled }: LoadedPipeline, policy: OnNonFinite) {
    this.policy = policy;
    this.recent = new RecentSteps(session, compiled);
  }

  /** To be told of each batch before its step. */
  before(rows: number): void {
    this.recent.before(rows);
  }

  /** States were written by another than the step program. */
  wrote(ids: readonly string[] | 'all'): void {
    if (ids === 'all') this.recent.restart();
    else this.recent.wrote(...ids);
  }

  isBroken(program: Runnable): boolean {
    return !hasFiniteLoss(program, this.recent.compiled);
  }

  /** Brings the model to where training can go on, or throws what the run fails of; the model is then as it was before the step. */
  mend(program: Runnable, { step, epoch }: Pick<BatchFinished, 'step' | 'epoch'>, batch: number): Mending {
    const { recent, policy } = this;
    const loss = program.outputs[recent.compiled.contract.step.batch.loss]?.[0] ?? Number.NaN;
    const failure = findFailure(recent);
    const told = {
      step: step - (failure?.stepsAgo ?? 0),
      epoch,
      loss,
      batch: batch - (failure?.stepsAgo ?? 0),
    };
    const error = failure ? nonFiniteDiagnostic(failure.found, told) : unlocated(told);
    const mended = mend(recent, policy);
    if (!mended) throw new DiagnosticError([error]);
    return { error, steps: mended.stepsAgo.map((ago) => step - ago) };
  }
}

/** The guard that the first hook with a policy asks for. */
export function guardOf(hooks: readonly Hook[], loaded: LoadedPipeline): NonFiniteGuard | undefined {
  const policy = hooks.find(({ onNonFinite }) => onNonFinite)?.onNonFinite;
  if (policy === undefined) return undefined;
  const guard = new NonFiniteGuard(loaded, policy);
  loaded.onWritten = (ids) => guard.wrote(ids);
  return guard;
}

function unlocated({
  loss,
  step,
  batch,
  epoch,
}: {
  loss: number;
  step: number;
  batch: number;
  epoch: number;
}): Diagnostic {
  return RUN802({
    message: `the loss became ${loss} at step ${step}, batch ${batch} of epoch ${epoch}`,
    span: nowhere,
    expected: 'a finite number',
    received: String(loss),
    hint: 'look for log(0), division by 0 and inputs that are not scaled, or lower the learning rate; nanGuard: false lets it go on',
  });
}

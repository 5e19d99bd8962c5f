/** The hooks of a run in a row: each hears every event it wants, and their commands queue up for the run. */
import { Subject } from 'rxjs';
import { saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN803 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { RunEvent, RunEventType } from '../events/event.ts';
import type { Command } from '../hooks/command.ts';
import type { Hook } from '../hooks/define-hook.ts';
import { liftHook } from '../hooks/lift-hook.ts';

/** A command, and which hook asked for it. */
export interface Asked {
  readonly hook: Hook;
  readonly command: Command;
}

export class RunHooks {
  private readonly events = new Subject<RunEvent>();
  private readonly wanted: ReadonlySet<RunEventType> | 'all';
  private queue: Asked[] = [];
  private failure: DiagnosticError | undefined;

  constructor(hooks: readonly Hook[]) {
    const lists = hooks.map(({ events }) => events);
    this.wanted = lists.includes(undefined) ? 'all' : new Set(lists.flatMap((list) => list ?? []));
    for (const hook of hooks) {
      this.events.pipe(liftHook(hook)).subscribe({
        next: (command) => this.queue.push({ hook, command }),
        error: (error: unknown) => {
          this.failure ??= hookFailure(hook, error);
        },
      });
    }
  }

  hears(type: RunEventType): boolean {
    return this.wanted === 'all' || this.wanted.has(type);
  }

  /** Tells the hooks; throws when one of them fails. */
  tell(event: RunEvent): void {
    this.events.next(event);
    if (!this.failure) return;
    const failure = this.failure;
    this.failure = undefined;
    throw failure;
  }

  get asked(): boolean {
    return this.queue.length > 0;
  }

  /** What was asked for since the last time. */
  take(): readonly Asked[] {
    const queue = this.queue;
    this.queue = [];
    return queue;
  }

  close(): void {
    this.events.complete();
  }
}

/** A hook that refuses speaks for itself; any other error is named after the hook. */
function hookFailure(hook: Hook, error: unknown): DiagnosticError {
  if (error instanceof DiagnosticError) return error;
  const failure = new DiagnosticError([
    RUN803({
      message: `the hook ${hook.name} failed: ${saying(error)}`,
      span: nowhere,
      expected: 'a state and commands',
      received: error instanceof Error ? error.name : typeof error,
    }),
  ]);
  failure.cause = error;
  return failure;
}

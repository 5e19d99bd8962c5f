/** Signals and readers that go away: the first asks the work to stop where it can, the second stops the process. */
import type { ExitCode } from './exit-code.ts';

export interface Interruption {
  /** Aborted by the first of them. */
  readonly signal: AbortSignal;
  /** What to tell the shell when the work has stopped: 130 after Ctrl-C, 0 where the process was asked to end in good order. */
  readonly exitCode: ExitCode;
  /** Signals have their usual meaning again. */
  end(): void;
}

/** What each of them means: the exit code of work that stopped in good order, and of a process that is stopped at once. */
const signals = {
  SIGINT: { graceful: 130, forced: 130, reason: 'interrupted' },
  SIGTERM: { graceful: 0, forced: 143, reason: 'terminated' },
  SIGHUP: { graceful: 0, forced: 129, reason: 'hung up' },
} as const;

/** Who is told that the reader of standard output has gone away; by default the process ends, as there is nothing left to do. */
let onClosedPipe: (() => void) | undefined;

/** `keeps` says that the work has something to keep, so that it goes to its end even when nobody reads it any more. */
export function interruptible({ keeps = false }: { readonly keeps?: boolean } = {}): Interruption {
  const controller = new AbortController();
  let exitCode: ExitCode = 0;
  const ask = (graceful: ExitCode, forced: number, reason: string): void => {
    if (controller.signal.aborted) process.exit(forced);
    exitCode = graceful;
    controller.abort(reason);
  };
  const listeners = Object.entries(signals).map(([name, { graceful, forced, reason }]) => {
    const listener = (): void => ask(graceful, forced, reason);
    process.on(name, listener);
    return { name, listener };
  });
  if (keeps) {
    onClosedPipe = () => {
      if (!controller.signal.aborted) ask(0, 0, 'nobody reads the output any more');
    };
  }
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    end() {
      for (const { name, listener } of listeners) process.off(name, listener);
      onClosedPipe = undefined;
    },
  };
}

/** A reader that goes away, such as `head`, has seen enough: that is no error. */
export function quietOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (onClosedPipe) onClosedPipe();
    else process.exit(0);
  });
}

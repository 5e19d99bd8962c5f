/** Ctrl-C: the first asks the work to stop where it can, the second stops the process. */

export interface Interruption {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ctrl-C has its usual meaning again. */
  end(): void;
}

export function interruptible(): Interruption {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', stop);
  return { signal: controller.signal, end: () => process.off('SIGINT', stop) };
}

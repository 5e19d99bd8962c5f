/** Waits until a file may have changed: told by the system, or asked again after a while where it tells nothing. */
import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { paused } from '../live/stoppable.ts';

export class FileChanges {
  private readonly watcher: FSWatcher | undefined;
  private readonly poll: number;
  private wake: () => void = () => {};
  private hasChanged = false;

  /** `poll` is in milliseconds. */
  constructor(path: string, poll: number) {
    this.poll = poll;
    try {
      this.watcher = watch(dirname(path), () => {
        this.hasChanged = true;
        this.wake();
      });
      // A folder on a network, or one too many: the clock is enough.
      this.watcher.on('error', () => {});
    } catch {}
  }

  /** Resolves when something has changed since it resolved last, or when it is time to look. */
  async next(signal: AbortSignal): Promise<void> {
    if (!this.hasChanged) {
      const woken = new AbortController();
      this.wake = () => woken.abort();
      await paused(this.poll, AbortSignal.any([signal, woken.signal]));
    }
    this.hasChanged = false;
  }

  close(): void {
    this.watcher?.close();
  }
}

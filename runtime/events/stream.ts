/** The events of a run as a hot Observable whose subscribers cannot harm the run or one another. */
import type { Subscriber } from 'rxjs';
import { config, Observable } from 'rxjs';
import { saying } from '../../compiler/diagnostics/because.ts';
import type { RunEvent, TerminalEvent } from './event.ts';
import { isTerminal } from './event.ts';

/** The writing end of an event stream. */
export class EventHub {
  readonly events$: Observable<RunEvent>;
  private readonly members = new Set<Subscriber<RunEvent>>();
  /** Those who hear the next event; whoever joins or leaves while an event is delivered does so for the one after it. */
  private audience: readonly Subscriber<RunEvent>[] | undefined = [];
  private terminal: TerminalEvent | undefined;
  private heard = false;

  constructor() {
    this.events$ = new Observable((subscriber) => {
      // Whoever comes after the end still learns how it ended.
      if (this.terminal) {
        subscriber.next(this.terminal);
        subscriber.complete();
        return;
      }
      this.members.add(subscriber);
      this.audience = undefined;
      subscriber.add(() => {
        this.members.delete(subscriber);
        this.audience = undefined;
      });
    });
  }

  /** Whether anyone was subscribed when the last event came. */
  get endWasHeard(): boolean {
    return this.terminal !== undefined && this.heard;
  }

  /** Whether anyone is subscribed now. */
  get observed(): boolean {
    return this.members.size > 0;
  }

  emit(event: RunEvent): void {
    this.audience ??= [...this.members];
    const { audience } = this;
    for (const subscriber of audience) subscriber.next(event);
    if (!isTerminal(event)) return;
    this.terminal = event;
    this.heard = audience.length > 0;
    for (const subscriber of audience) subscriber.complete();
  }
}

/** How often a mistake of a subscriber is shown: one in each of a million events would be all that is seen. */
const shownAtMost = 10;

let runsUnderWay = 0;
let shown = 0;

/**
 * What a subscriber throws, RxJS throws again with nobody to catch it, which would end the process and every run in it. While
 * runs are under way it is shown as a warning of the process, unless the program has a handler of its own in RxJS's config.
 * Gives what is to be called when the run is over.
 */
export function guardSubscribers(): () => void {
  if (runsUnderWay++ === 0) {
    shown = 0;
    config.onUnhandledError ??= warn;
  }
  // RxJS throws in a timer: those that are set already come before this one.
  return () => {
    setTimeout(() => {
      if (--runsUnderWay === 0 && config.onUnhandledError === warn) config.onUnhandledError = null;
    });
  };
}

function warn(error: unknown): void {
  if (shown++ >= shownAtMost) return;
  const text = error instanceof Error ? (error.stack ?? error.message) : saying(error);
  const last = shown === shownAtMost ? '; further ones are not shown' : '';
  process.emitWarning(`a subscriber of events$ failed: ${text}${last}`, 'MillraceWarning');
}

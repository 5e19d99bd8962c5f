/** The events of a run as a hot Observable whose subscribers cannot harm the run or one another. */
import type { Observer, Observable as RxObservable } from 'rxjs';
// The classes of RxJS that are used here, without the two hundred files of its operators: those are a program's to load.
import { config } from 'rxjs/internal/config';
import { Observable } from 'rxjs/internal/Observable';
import { Subscriber } from 'rxjs/internal/Subscriber';
import { Subscription } from 'rxjs/internal/Subscription';
import { saying } from '../../compiler/diagnostics/because.ts';
import type { RunEvent, TerminalEvent } from './event.ts';
import { isTerminal } from './event.ts';

/** Who hears events. */
interface Listener {
  next(event: RunEvent): void;
  complete(): void;
}

/** The writing end of an event stream. */
export class EventHub {
  readonly events$: RxObservable<RunEvent> = new EventStream(this);
  private readonly members = new Set<Listener>();
  /** Those who hear the next event; whoever joins or leaves while an event is delivered does so for the one after it. */
  private audience: readonly Listener[] | undefined = [];
  private terminal: TerminalEvent | undefined;
  private heard = false;

  /** Gives what is to be called when the listener leaves. Whoever comes after the end still learns how it ended. */
  join(listener: Listener): () => void {
    if (this.terminal) {
      listener.next(this.terminal);
      listener.complete();
      return () => {};
    }
    this.members.add(listener);
    this.audience = undefined;
    return () => {
      this.members.delete(listener);
      this.audience = undefined;
    };
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
    for (let i = 0; i < audience.length; i++) audience[i]?.next(event);
    if (!isTerminal(event)) return;
    this.terminal = event;
    this.heard = audience.length > 0;
    for (const listener of audience) listener.complete();
  }
}

/**
 * Functions and observers are called straight away, with a guard of their own, as there may be many of them and steps of a
 * microsecond; operators subscribe in the way of RxJS.
 */
class EventStream extends Observable<RunEvent> {
  private readonly hub: EventHub;

  constructor(hub: EventHub) {
    super((subscriber) => hub.join(subscriber));
    this.hub = hub;
  }

  override subscribe(
    observerOrNext?: Partial<Observer<RunEvent>> | ((event: RunEvent) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators have subscribers of their own, and so has what is subscribed through them.
    if (observerOrNext instanceof Subscriber || error)
      return super.subscribe(observerOrNext as Observer<RunEvent>);
    const observer =
      typeof observerOrNext === 'function'
        ? { next: observerOrNext, ...(complete && { complete }) }
        : (observerOrNext ?? {});
    const subscription = new Subscription();
    const listener: Listener = {
      next(event) {
        try {
          observer.next?.(event);
        } catch (problem) {
          warn(problem);
        }
      },
      complete() {
        try {
          if (!subscription.closed) observer.complete?.();
        } catch (problem) {
          warn(problem);
        }
        subscription.unsubscribe();
      },
    };
    subscription.add(this.hub.join(listener));
    return subscription;
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

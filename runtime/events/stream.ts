/** The events of a run as a hot Observable whose subscribers cannot harm the run or one another. */
import type { Observer, Operator } from 'rxjs';
import { Observable, Subscriber, type Subscription } from 'rxjs';
import type { RunEvent, TerminalEvent } from './event.ts';
import { isTerminal } from './event.ts';

/** The writing end of an event stream. */
export class EventHub {
  readonly events$: Observable<RunEvent>;
  /** Replaced, never changed: whoever joins or leaves while an event is delivered does so for the next one. */
  private subscribers: readonly Subscriber<RunEvent>[] = [];
  private terminal: TerminalEvent | undefined;
  private heard = false;

  constructor() {
    this.events$ = new GuardedObservable((subscriber) => {
      // Whoever comes after the end still learns how it ended.
      if (this.terminal) {
        subscriber.next(this.terminal);
        subscriber.complete();
        return;
      }
      this.heard = true;
      this.subscribers = [...this.subscribers, subscriber];
      subscriber.add(() => {
        this.subscribers = this.subscribers.filter((other) => other !== subscriber);
      });
    });
  }

  /** Whether anyone is subscribed now. */
  get observed(): boolean {
    return this.subscribers.length > 0;
  }

  /** Whether anyone has ever subscribed. */
  get everObserved(): boolean {
    return this.heard;
  }

  emit(event: RunEvent): void {
    for (const subscriber of this.subscribers) subscriber.next(event);
    if (!isTerminal(event)) return;
    this.terminal = event;
    for (const subscriber of this.subscribers) subscriber.complete();
  }
}

/**
 * What a subscriber throws, or an operator in its pipe, is shown as a warning of the process. By RxJS's own
 * convention it would be thrown again with nobody to catch it, and end the process and the run with it.
 */
class GuardedObservable<T> extends Observable<T> {
  /** RxJS derives every piped Observable by this method, so that those are guarded as well. */
  override lift<R>(operator?: Operator<T, R>): Observable<R> {
    const derived = new GuardedObservable<R>();
    derived.source = this;
    derived.operator = operator;
    return derived;
  }

  override subscribe(
    observerOrNext?: Partial<Observer<T>> | ((value: T) => void) | null,
    error?: ((error: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators subscribe with subscribers of their own, which pass errors on to the guarded end of the pipe.
    if (observerOrNext instanceof Subscriber) return super.subscribe(observerOrNext);
    const observer: Partial<Observer<T>> =
      typeof observerOrNext === 'function' || !observerOrNext
        ? {
            ...(observerOrNext && { next: observerOrNext }),
            ...(error && { error }),
            ...(complete && { complete }),
          }
        : observerOrNext;
    return super.subscribe({
      next: (value) => guarded(() => observer.next?.(value)),
      error: (problem: unknown) =>
        guarded(() => {
          if (!observer.error) throw problem;
          observer.error(problem);
        }),
      complete: () => guarded(() => observer.complete?.()),
    });
  }
}

function guarded(call: () => void): void {
  try {
    call();
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error));
    process.emitWarning(
      `a subscriber of events$ failed: ${problem.stack ?? problem.message}`,
      'MillraceWarning',
    );
  }
}

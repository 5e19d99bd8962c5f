/** Tells the events of a run: numbers them, stamps them with time and place, and lets hooks hear them before subscribers. */
import { because, kindOfError, saying } from '../../compiler/diagnostics/because.ts';
import type { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Told } from '../commands/command.ts';
import { valueText } from '../data/value-text.ts';
import type { RunEvent } from '../events/event.ts';
import type { EventHub } from '../events/stream.ts';
import type { RunHooks } from './hooks.ts';
import type { Clock } from './options.ts';
import type { RunState } from './run-state.ts';

/** Events that depend on the clock or the disk alone: a run that is resumed has others of them, and the same numbers. */
const uncounted: ReadonlySet<RunEvent['type']> = new Set([
  'runResumed',
  'runPaused',
  'runContinued',
  'recordRejected',
  'modelPublished',
  'checkpointFailed',
  'checkpointDamaged',
]);

/** Asking for it takes longer than all else that an event of a batch costs. */
const origin = performance.timeOrigin;

type Stamp = Pick<RunEvent, 'number' | 'time' | 'step' | 'epoch'>;

export class Teller {
  private readonly state: RunState;
  private readonly hooks: RunHooks;
  private readonly hub: EventHub;
  private readonly clock: Clock;
  private failure: DiagnosticError | undefined;

  constructor(state: RunState, hooks: RunHooks, hub: EventHub, clock: Clock) {
    this.state = state;
    this.hooks = hooks;
    this.hub = hub;
    this.clock = clock;
  }

  /** Whether anyone is there to hear events of this type. */
  hears(type: RunEvent['type']): boolean {
    return this.hub.observed || this.hooks.hears(type);
  }

  stamped<E extends Told>(event: E): E & Stamp {
    const { state } = this;
    if (!uncounted.has(event.type) && !(event.type === 'checkpointSaved' && event.place === 'disk'))
      state.events++;
    const { events: number, step, epoch } = state;
    // The type comes first, for those who read events as lines of text.
    return Object.assign({ type: event.type, number, time: this.now(), step, epoch }, event);
  }

  tell(event: Told): void {
    this.say(this.stamped(event));
  }

  /** Hooks hear an event first, being part of the run; that one of them fails does not unmake what happened. */
  say(event: RunEvent): void {
    try {
      if (this.hooks.hears(event.type)) this.hooks.tell(event);
    } finally {
      this.hub.emit(event);
    }
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }

  /** The time of batches: by the system's clock it is the one that the event loop's slices have asked for already. */
  timeOfBatch(lastAsked: number): number {
    return this.clock === Date ? Math.floor(origin + lastAsked) : this.now();
  }

  /** A clock that fails is told of once, with the event that asked for the time; the system's then takes its place. */
  private now(): number {
    try {
      const time: unknown = this.clock.now();
      if (typeof time === 'number') return time;
      this.failure ??= clockFailure(`it gave ${valueText(time)}`, typeof time);
    } catch (error) {
      this.failure ??= clockFailure(saying(error), kindOfError(error), error);
    }
    return Date.now();
  }
}

function clockFailure(what: string, received: string, cause?: unknown): DiagnosticError {
  return because(
    RUN801({
      message: `the clock of the run failed: ${what}`,
      span: nowhere,
      expected: 'a clock whose now() gives milliseconds since 1970',
      received,
    }),
    cause,
  );
}

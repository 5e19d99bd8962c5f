/** What a hook may ask of the run. Commands are data; the run carries them out between batches, in order. */
import type { DriftDetected, PrequentialEvaluated } from '../events/event.ts';

export type Command =
  | { readonly command: 'stop'; readonly reason: string }
  | { readonly command: 'setLearningRate'; readonly learningRate: number; readonly objective?: string }
  | { readonly command: 'evaluate' }
  | { readonly command: 'snapshot'; readonly generation: string }
  | { readonly command: 'restore'; readonly generation: string }
  | { readonly command: 'atEnd'; readonly then: Restore | undefined }
  | { readonly command: 'report'; readonly event: Report };

type Untimed<Event> = Event extends unknown ? Omit<Event, 'time' | 'step' | 'epoch'> : never;

/** An event that a hook may make; the run adds its time, step and epoch. */
export type Report = Untimed<DriftDetected | PrequentialEvaluated>;

type Restore = Extract<Command, { command: 'restore' }>;

/** Ends training after the present batch; the epoch is closed and the run finishes with this reason. */
export function stop(reason: string): Command {
  return { command: 'stop', reason };
}

/**
 * From the next batch on: of one objective, or of all that have a fixed one. Refused (RUN804) where there is no such
 * objective, or where its optimizer follows a schedule.
 */
export function setLearningRate(learningRate: number, objective?: string): Command {
  return { command: 'setLearningRate', learningRate, ...(objective !== undefined && { objective }) };
}

/** Evaluates on the validation data. */
export function evaluateNow(): Command {
  return { command: 'evaluate' };
}

/** Keeps the weights, layers' state and optimizer's slots in memory under a name; an older one of that name goes. */
export function snapshot(generation: string): Command {
  return { command: 'snapshot', generation };
}

/** Takes up a snapshot again. */
export function restore(generation: string): Restore {
  return { command: 'restore', generation };
}

/**
 * Restores a snapshot when the run ends, however it ends: finished, cancelled or failed. The last one that a hook
 * asked for counts; without an argument nothing is restored.
 */
export function atEnd(then?: Restore): Command {
  return { command: 'atEnd', then };
}

/** Tells everybody who hears the run what the hook has found, as an event. */
export function report(event: Report): Command {
  return { command: 'report', event };
}

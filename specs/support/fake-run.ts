/** Trains on the fake engine: for specs of the runtime that need no arithmetic. */

import { nowhere } from '../../compiler/ir/span.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Batches } from '../../dsl/dataset.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Run, RunEvent, TrainOptions } from '../../runtime/index.ts';
import { train } from '../../runtime/index.ts';
import type { FakeEngine, FakeOptions } from './fake-engine.ts';
import { fakeCompiled, fakeEngine } from './fake-engine.ts';

export interface FakeRun {
  readonly run: Run<Schema>;
  readonly engine: FakeEngine;
  /** All events, as they come. */
  readonly events: readonly RunEvent[];
}

export interface FakeData {
  readonly data: Batches;
  readonly validation?: Batches;
}

/** `watched: false` leaves the run without a subscriber. */
export function fakeRun(
  { data, validation }: FakeData,
  options: Omit<TrainOptions, 'engine' | 'compiled'> = {},
  { watched = true, ...fake }: FakeOptions & { readonly watched?: boolean } = {},
): FakeRun {
  const engine = fakeEngine(fake);
  const definition = {
    data,
    ...(validation && { validation }),
    metrics: { rows: () => 0 },
    model: () => ({}),
    loss: () => {
      throw new Error('internal: a fake pipeline is not compiled');
    },
    optimizer: {},
  };
  const pipeline = new Pipeline<Schema>(definition, {}, nowhere);
  const run = train(pipeline, { ...options, engine, compiled: fakeCompiled() });
  const events: RunEvent[] = [];
  if (watched) run.events$.subscribe((event) => events.push(event));
  return { run, engine, events };
}

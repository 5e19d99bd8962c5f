/** Trains without a word, and gives all events beside the result. */
import type { Schema } from 'millrace';
import type { RunEvent, TrainOptions } from 'millrace/runtime';
import { train } from 'millrace/runtime';
import { expect } from 'vitest';
import type { Pipeline } from '../../dsl/pipeline.ts';
import type { Programs } from '../../dsl/program.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import { illegal } from './illegal.ts';

/** `facts` are the events that tell what was fitted. */
export async function trained<S extends Schema, Out extends Tensors, Own extends Programs>(
  line: Pipeline<S, Out, Own>,
  options: TrainOptions = {},
) {
  const events: RunEvent[] = [];
  const run = train(line, { epochs: 1, ...options });
  run.events$.subscribe((event) => events.push(event));
  const result = await run.finished;
  expect(illegal(events)).toBeUndefined();
  const facts = events.filter((event) => event.type === 'dataFitted');
  return { ...result, events, facts };
}

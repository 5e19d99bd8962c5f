/** Sets a run going and gives the handle by which it is watched, awaited and cancelled. */

import { saying } from '../../compiler/diagnostics/because.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Programs } from '../../dsl/program.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import { Model } from '../model/model.ts';
import type { Run, RunResult } from './run.ts';
import type { Ending, RunParts } from './run-loop.ts';
import { RunLoop } from './run-loop.ts';

export function startRun<S extends Schema, Out extends Tensors, Own extends Programs>(
  parts: RunParts,
  signal?: AbortSignal,
): Run<S, Out, Own> {
  const loop = new RunLoop(parts);
  let model: Model<S, Out, Own> | undefined;
  const abort = (): void => loop.cancel(signal?.reason === undefined ? 'aborted' : saying(signal.reason));
  const begin = async (): Promise<RunResult<S, Out, Own>> => {
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const ending = await loop.run();
    signal?.removeEventListener('abort', abort);
    if (ending.loaded) model = new Model(ending.loaded, parts.settings.seed, parts.validation ?? parts.data);
    return resultOf(ending, model);
  };
  const finished = new Promise<RunResult<S, Out, Own>>((resolve, reject) => {
    // The next turn of the event loop, so that whoever subscribes to the run at once hears its first event.
    setImmediate(() =>
      begin().then(resolve, (error: unknown) => {
        // A failure that a subscriber was told of is not silent; one that nobody heard of is left to Node to report.
        if (loop.hub.everObserved) finished.catch(() => {});
        reject(error);
      }),
    );
  });
  const cancel = (reason = 'cancelled'): void => loop.cancel(reason);
  return {
    events$: loop.hub.events$,
    finished,
    get model() {
      return model;
    },
    cancel,
    unsubscribe: () => cancel('unsubscribed'),
  };
}

function resultOf<S extends Schema, Out extends Tensors, Own extends Programs>(
  { event, history, validation, failure }: Ending,
  model: Model<S, Out, Own> | undefined,
): RunResult<S, Out, Own> {
  if (failure) throw failure;
  if (event.type === 'runFailed' || !model)
    throw new Error('internal: a run without a failure left no model');
  const last = history.at(-1);
  return {
    model,
    outcome: event.type === 'runFinished' ? 'finished' : 'cancelled',
    reason: event.reason,
    steps: event.step,
    epochs: event.epoch,
    loss: last?.loss ?? Number.NaN,
    ...(last?.losses && { losses: last.losses }),
    metrics: last?.metrics ?? {},
    ...(validation && { validation }),
    history,
  };
}

/** Sets a run going and gives the handle by which it is watched, awaited, asked and steered. */
import { saying } from '../../compiler/diagnostics/because.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Programs } from '../../dsl/program.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import { reset } from '../commands/reset.ts';
import { Model, pipelineOf } from '../model/model.ts';
import type { Serving } from '../serve/serving.ts';
import { save } from '../store/model/save.ts';
import type { Ending, RunParts } from './parts.ts';
import type { Run, RunResult } from './run.ts';
import { RunLoop } from './run-loop.ts';
import { lastEpochs } from './run-state.ts';

export function startRun<S extends Schema, Out extends Tensors, Own extends Programs>(
  parts: RunParts,
  signal?: AbortSignal,
): Run<S, Out, Own> {
  const loop = new RunLoop(parts);
  /** While training goes on, only the run itself may use it. */
  let inside: Model<S, Out, Own> | undefined;
  let model: Model<S, Out, Own> | undefined;
  const abort = (): void =>
    loop.steering.cancel(signal?.reason === undefined ? 'aborted' : saying(signal.reason));
  const loaded = new Promise<Model<S, Out, Own>>((resolve) => {
    loop.onLoaded = (pipeline) => {
      inside = new Model(pipeline, parts.settings.seed, parts.validation ?? parts.data);
      resolve(inside);
    };
  });
  loop.onEnding = () => {
    model = inside;
  };
  const begin = async (): Promise<RunResult<S, Out, Own>> => {
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    const ending = await loop.run();
    signal?.removeEventListener('abort', abort);
    // A failure that a subscriber was told of is not silent; one that nobody hears of is left to Node to report.
    if (ending.failure && loop.hub.endWasHeard) finished.catch(() => {});
    return resultOf(ending, model);
  };
  const finished = new Promise<RunResult<S, Out, Own>>((resolve, reject) => {
    // The next turn of the event loop, so that whoever subscribes to the run at once hears its first event.
    setImmediate(() => begin().then(resolve, reject));
  });
  /** What a run that fails before there is a model answers, is what it failed of. */
  const asked = async <T>(work: (model: Model<S, Out, Own>) => T | Promise<T>): Promise<T> => {
    const ready = await Promise.race([loaded, finished.then(({ model }) => model)]);
    return loop.boundaries.ask(() => work(ready));
  };
  const cancel = (reason = 'cancelled'): void => loop.steering.cancel(reason);
  return {
    events$: loop.hub.events$,
    finished,
    get model() {
      return model;
    },
    predict: (rows) => asked((ready) => ready.predict(rows)),
    save: (directory, options = {}) =>
      asked((ready) => {
        const { seed } = parts.settings;
        return save({ loaded: pipelineOf(ready as Model), seed, isTraining: true }, directory, options);
      }),
    // Whoever starts a run says what it answers.
    serving: loop.serving as Serving<S, Out>,
    pause: () => loop.steering.holdOn(),
    resume: () => loop.steering.resume(),
    stop: (reason = 'stopped') => loop.steering.stop(reason),
    reset: () => loop.ask(reset()),
    cancel,
    unsubscribe: () => cancel('unsubscribed'),
  };
}

function resultOf<S extends Schema, Out extends Tensors, Own extends Programs>(
  { event, state, evaluation, failure }: Ending,
  model: Model<S, Out, Own> | undefined,
): RunResult<S, Out, Own> {
  if (failure) throw failure;
  if (event.type === 'runFailed') throw new Error('internal: a run failed of nothing');
  const { validation } = state;
  return {
    model: model ?? neverLoaded(),
    outcome: event.type === 'runFinished' ? 'finished' : 'cancelled',
    reason: event.reason,
    steps: event.step,
    epochs: event.epoch,
    loss: evaluation?.loss ?? Number.NaN,
    ...(evaluation?.losses && { losses: evaluation.losses }),
    metrics: evaluation?.metrics ?? {},
    ...(validation && { validation }),
    history: lastEpochs(state),
  };
}

function neverLoaded(): never {
  throw new Error('internal: a run without a failure left no model');
}

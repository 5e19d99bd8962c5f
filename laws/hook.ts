/** What every hook promises: state that is plain data and never changed in place, and no influence on the numbers of a run. */
import { isDeepStrictEqual } from 'node:util';
import { float } from '../dsl/column.ts';
import { rows } from '../dsl/dataset.ts';
import type { Command } from '../runtime/commands/index.ts';
import type { RunEvent } from '../runtime/events/event.ts';
import type { Hook, HookFacts } from '../runtime/hooks/define-hook.ts';
import { train } from '../runtime/run/train.ts';
import { dense } from '../stdlib/layers/core/dense.ts';
import { meanAbsoluteError } from '../stdlib/losses/meanAbsoluteError.ts';
import { meanSquaredError } from '../stdlib/losses/meanSquaredError.ts';
import { stack } from '../stdlib/ops/movement/stack.ts';
import { sgd } from '../stdlib/optimizers/sgd.ts';
import { pipeline } from '../stdlib/pipeline.ts';
import type { LawTest } from './law-test.ts';
import { hasExamples, holds } from './law-test.ts';
import { isPlain, throughJson } from './plain.ts';

const epochs = 6;

/** A line through a few points, with validation and a metric; at this rate it gets worse after a while. */
function smallPipeline(learningRate: number) {
  const line = dense(1);
  const data = rows(
    { x: float, y: float },
    [0, 1, 2, 3, 4, 5, 6].map((x) => ({ x, y: 2 * x - 1 })),
  );
  return pipeline({
    data: data.batch(2),
    validation: data.batch(3),
    model: ({ x }) => line(stack([x])),
    loss: (predicted, { y }) => meanSquaredError(y, predicted),
    metrics: { error: (predicted, { y }) => meanAbsoluteError(y, predicted) },
    optimizer: sgd({ learningRate }),
  });
}

/** The events of a run with these hooks, however it ends. */
async function eventsOf(hooks: readonly Hook[], learningRate = 0.01): Promise<RunEvent[]> {
  let now = 0;
  const clock = { now: () => now++ };
  const run = train(smallPipeline(learningRate), { epochs, seed: 3, hooks, clock, nanGuard: false });
  const events: RunEvent[] = [];
  run.events$.subscribe((event) => events.push(event));
  await run.finished.catch(() => undefined);
  return events;
}

/** Runs of all kinds of ends: good ones, and one that diverges until its loss is no number. */
const rates = [0.01, 0.5, 30];

/** As JSON has it: keys without a value are not there. */
const plain = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Hears a run twice, once with its state put through JSON before each event, and asks for the same answers. */
async function hasPlainState(make: () => Hook): Promise<void> {
  for (const rate of rates) {
    const events = await eventsOf([], rate);
    const [kept, revived] = [make(), make()];
    const states = { kept: kept.initialState, revived: revived.initialState };
    const wanted = kept.events && new Set(kept.events);
    for (const event of events.filter(({ type }) => !wanted || wanted.has(type))) {
      const before = plain(states.kept);
      const answers = [
        answerOf(kept, states.kept, event),
        answerOf(revived, throughJson(states.revived), event),
      ] as const;
      holds(plain(states.kept) === before, `${event.type} changes the state in place: ${before}`);
      const [first, second] = answers.map(throughJson);
      holds(
        isDeepStrictEqual(first, second),
        () => `${event.type}, state kept or revived: ${plain(answers)}`,
      );
      holds(isPlain(answers[0].state), () => `${event.type} leaves a state that is no plain data`);
      if (answers[0].state !== undefined) states.kept = answers[0].state;
      if (answers[1].state !== undefined) states.revived = answers[1].state;
    }
  }
}

interface Answered {
  readonly state?: unknown;
  readonly commands?: readonly Command[];
  readonly refused?: string;
}

function answerOf(hook: Hook, state: unknown, event: RunEvent): Answered {
  try {
    return hook.on(state, event) ?? {};
  } catch (error) {
    return { refused: String(error) };
  }
}

/** Losses of batches, as far as both runs go, and where hooks stand in the list. */
async function changesNoNumbers(make: () => Hook): Promise<void> {
  const losses = (events: readonly RunEvent[]): number[] =>
    events.flatMap((event) => (event.type === 'batchFinished' ? [event.loss] : []));
  const quiet: Hook = { name: 'quiet', initialState: undefined, on: () => undefined };
  for (const rate of rates) {
    const alone = losses(await eventsOf([], rate));
    const [first, last] = [await eventsOf([make(), quiet], rate), await eventsOf([quiet, make()], rate)];
    const heard = losses(first);
    holds(heard.length > 0, 'no batch was trained on');
    holds(isDeepStrictEqual(heard, alone.slice(0, heard.length)), 'the losses of batches are others with it');
    holds(isDeepStrictEqual(heard, losses(last)), 'its place among the hooks changes the run');
    holds(first.at(-1)?.type === last.at(-1)?.type, 'its place among the hooks changes how the run ends');
  }
}

/** The laws of one kind of hook, for each of its examples. */
export function lawsOfHook(facts: HookFacts): LawTest[] {
  const perExample = facts.examples.flatMap((args, i): LawTest[] => [
    { name: `example ${i + 1} keeps plain state`, run: () => hasPlainState(() => facts.make(args)) },
    { name: `example ${i + 1} changes no numbers`, run: () => changesNoNumbers(() => facts.make(args)) },
  ]);
  return [hasExamples(facts), ...perExample];
}

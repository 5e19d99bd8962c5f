/**
 * Whatever is asked of a run, by users and hooks, and whatever breaks in it: its events come in the order of the grammar and are
 * numbered, one terminal event ends them, all promises settle, nothing is thrown where nobody catches it, and folders are given back.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Compiled } from '../../compiler/compile.ts';
import { compile } from '../../compiler/index.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { float } from '../../dsl/column.ts';
import { rows } from '../../dsl/dataset.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Engine, Run, RunEvent } from '../../runtime/index.ts';
import { Checkpoints, DiagnosticError, isTerminal, train, wasmEngine } from '../../runtime/index.ts';
import { dense } from '../../stdlib/layers/core/dense.ts';
import { meanSquaredError } from '../../stdlib/losses/meanSquaredError.ts';
import { stack } from '../../stdlib/ops/movement/stack.ts';
import { adam } from '../../stdlib/optimizers/adam.ts';
import { pipeline } from '../../stdlib/pipeline.ts';
import { ModelDisk } from '../store/model-disk.ts';
import { isLong, runs } from '../support/effort.ts';
import { fakeCompiled, fakeEngine } from '../support/fake-engine.ts';
import { illegal } from '../support/illegal.ts';
import { tally } from '../support/tally.ts';
import { isCounted } from './counted-events.ts';
import { diskInMemory } from './disk-in-memory.ts';
import type { Schedule } from './schedules.ts';
import { clockOf, datasetOf, hooksOf, schedule } from './schedules.ts';

const usual = runs(isLong ? 10_000 : 280);
const share = (of: number): number => Math.floor(usual * of);

const count = tally('schedules', {
  runs: usual,
  runFinished: share(0.1),
  runCancelled: share(0.05),
  runFailed: share(0.1),
  runPaused: share(0.05),
  modelReset: share(0.03),
  modelPublished: share(0.03),
  'checkpointSaved on disk': share(0.1),
  checkpointFailed: share(0.01),
  resumed: share(0.1),
  answers: share(0.05),
  refusals: 0,
});

const place = diskInMemory();
const unhandled: unknown[] = [];
const note = (error: unknown): void => void unhandled.push(error);
const warn = process.emitWarning;
beforeAll(() => {
  process.on('unhandledRejection', note);
  process.emitWarning = () => {};
});
afterAll(() => {
  process.off('unhandledRejection', note);
  process.emitWarning = warn;
});

interface Learner {
  readonly compiled: Compiled;
  readonly engine: (given: Schedule) => Engine;
}

const layer = dense(1, { name: 'line' });
const line = pipeline({
  data: rows({ x: float }, [{ x: 1 }]).batch(16),
  model: ({ x }) => layer(stack([x])),
  loss: (predicted, { x }) => meanSquaredError(stack([x]), predicted),
  metrics: { rows: (predicted, { x }) => meanSquaredError(stack([x]), predicted) },
  optimizer: adam(),
});

/** The real engine, with steps that break. */
function breaking(engine: Engine, { engine: failAt, nan: nanAt }: Schedule['breaks']): Engine {
  return {
    ...engine,
    name: engine.name,
    load: async (module, options) => {
      const session = await engine.load(module, options);
      let steps = 0;
      return {
        program(name) {
          const program = session.program(name);
          if (name !== 'step' || (failAt === undefined && nanAt === undefined)) return program;
          return new Proxy(program, {
            get(target, member) {
              if (member === 'runAside') return undefined;
              if (member !== 'run') return Reflect.get(target, member);
              return (size: number) => {
                steps++;
                if (steps === failAt) throw new Error(`the engine fails in step ${steps}`);
                if (steps === nanAt) target.inputs.x?.fill(Number.NaN);
                return target.run(size);
              };
            },
          });
        },
        read: (id) => session.read(id),
        write: (id, values) => session.write(id, values),
        dispose: () => session.dispose(),
      };
    },
  };
}

const learners: Readonly<Record<'fake' | 'wasm', Learner>> = {
  fake: {
    compiled: fakeCompiled(),
    engine: ({ breaks: { engine, nan } }) =>
      fakeEngine({
        ...(engine !== undefined && { failAt: engine }),
        ...(nan !== undefined && { nanAt: nan }),
      }),
  },
  wasm: {
    compiled: compile(line, { name: 'line' }),
    engine: ({ breaks }) => breaking(wasmEngine({ threads: 0 }), breaks),
  },
};

function pipelineOf(given: Schedule): Pipeline {
  const definition: Pipeline['definition'] = {
    data: datasetOf(given).batch(given.size),
    ...(given.validation && { validation: datasetOf({ ...given, source: 'iterable' }).batch(4) }),
    metrics: { rows: () => 0 },
    model: () => ({}),
    loss: () => {
      throw new Error('internal: it is compiled already');
    },
    optimizer: {},
  };
  return new Pipeline(definition, line.language, nowhere);
}

/** Does what the schedule says at events and after turns; gives all that the run was asked for. */
function conduct(run: Run, actions: Schedule['actions'], answers: Promise<unknown>[]): () => void {
  let seen = 0;
  let turns = 0;
  const ask = (answer: Promise<unknown>): void => {
    answer.catch(() => {});
    answers.push(answer);
  };
  const act = (what: Schedule['actions'][number]['what']): void => {
    if (what === 'cancel') run.cancel('asked');
    if (what === 'pause') run.pause();
    if (what === 'resume') run.resume();
    if (what === 'stop') run.stop('asked');
    if (what === 'reset') run.reset();
    if (what === 'predict') ask(run.predict([{ x: 1 }]));
    if (what === 'save') ask(run.save('/data/model'));
    if (what === 'dawdle') for (const end = performance.now() + 1; performance.now() < end; );
    if (what === 'leave') subscription.unsubscribe();
    if (what === 'throw') throw new Error('the subscriber is broken');
  };
  const subscription = run.events$.subscribe(() => {
    const at = seen++;
    for (const action of actions) if (action.when === 'event' && action.at === at) act(action.what);
  });
  let over = false;
  const turn = (): void => {
    if (over) return;
    const at = turns++;
    for (const action of actions)
      if (action.when === 'turn' && action.at === at && action.what !== 'throw') act(action.what);
    // Nobody holds on for ever.
    if (turns % 60 === 0) run.resume();
    if (turns > 3000) run.cancel('it took too long');
    setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    over = true;
  };
}

function expectNumbered(events: readonly RunEvent[]): void {
  let before: number | undefined;
  for (const event of events) {
    if (before === undefined) expect(event.type === 'runResumed' || event.number === 1).toBe(true);
    else expect(event.number, event.type).toBe(before + Number(isCounted(event)));
    before = event.number;
  }
}

async function tried(given: Schedule, kind: 'fake' | 'wasm', resume: boolean): Promise<void> {
  const { compiled, engine } = learners[kind];
  const clock = clockOf(given);
  const hooks = hooksOf(given);
  const run = train(pipelineOf(given), {
    ...given.bound,
    compiled,
    engine: engine(given),
    hooks: hooks.map((hook) =>
      hook.checkpoints ? { ...hook, checkpoints: { ...hook.checkpoints, fresh: !resume } } : hook,
    ),
    ...(clock && { clock }),
    ...(resume && given.checkpoints.folders.length > 0 && { resume: true }),
  });
  const events: RunEvent[] = [];
  run.events$.subscribe((event) => events.push(event));
  const answers: Promise<unknown>[] = [];
  // The fake engine has no graphs to answer by.
  const actions = given.actions.filter(
    ({ what }) => kind === 'wasm' || (what !== 'predict' && what !== 'save'),
  );
  const end = conduct(run, actions, answers);
  const settled = await run.finished.then(
    ({ outcome }) => ({ outcome }),
    (error: unknown) => ({ error }),
  );
  end();
  for (const answer of await Promise.allSettled(answers)) {
    if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(DiagnosticError);
    count(answer.status === 'rejected' ? 'refusals' : 'answers');
  }
  expect(illegal(events)).toBeUndefined();
  expect(events.filter(isTerminal)).toHaveLength(1);
  expectNumbered(events);
  expect(JSON.parse(JSON.stringify(events))).toHaveLength(events.length);
  const last = events.at(-1);
  if ('error' in settled) {
    expect(settled.error).toBeInstanceOf(DiagnosticError);
    expect(last?.type).toBe('runFailed');
  } else {
    expect(last?.type).toBe(settled.outcome === 'finished' ? 'runFinished' : 'runCancelled');
  }
  for (const { type, ...rest } of events) {
    if ('place' in rest && rest.place === 'disk') count('checkpointSaved on disk');
    else if (type !== 'batchStarted' && type !== 'batchFinished') count(type);
  }
  if (events[0]?.type === 'runResumed') count('resumed');
  run.model?.dispose();
}

test('in any order', async () => {
  await fc.assert(
    fc.asyncProperty(
      schedule,
      fc.constantFrom('fake' as const, 'wasm' as const),
      fc.option(schedule, { nil: undefined }),
      async (given, kind, then) => {
        const disk = new ModelDisk();
        place.disk = disk;
        let calls = 0;
        const { disk: failAt } = given.breaks;
        disk.onCall = (call, path) => {
          if (failAt === undefined || calls++ < failAt || calls > failAt + 8) return;
          throw Object.assign(new Error(`${given.diskCode}: ${call} ${path}`), { code: given.diskCode });
        };
        await tried(given, kind, false);
        count('runs');
        disk.onCall = () => {};
        for (const folder of given.checkpoints.folders) {
          // Whoever comes next finds the folder free, and what was announced in it.
          const next = await Checkpoints.open(folder);
          await next.newest();
          await next.close();
        }
        expect(disk.opened).toBe(0);
        if (then) await tried({ ...then, checkpoints: given.checkpoints }, kind, true);
        await new Promise((resolve) => setImmediate(resolve));
        expect(unhandled).toEqual([]);
      },
    ),
    { numRuns: usual },
  );
}, 1_200_000);

/**
 * Checkpoints and logs of events that somebody forged, with checksums that fit: a run goes on from them, or refuses them with a
 * diagnostic that knows what is wrong, and nothing else is ever thrown.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readEvents, replayEvents } from 'millrace/runtime';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../../compiler/index.ts';
import { float, vector } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { arrays, from } from '../../dsl/dataset.ts';
import type { Hook, RunEvent } from '../../runtime/index.ts';
import {
  Checkpoints,
  checkpoint,
  DiagnosticError,
  defineHook,
  earlyStopping,
  snapshot,
  train,
  wasmEngine,
} from '../../runtime/index.ts';
import type { Checkpoint } from '../../runtime/store/checkpoints.ts';
import { dense } from '../../stdlib/layers/core/dense.ts';
import { meanSquaredError } from '../../stdlib/losses/meanSquaredError.ts';
import { stack } from '../../stdlib/ops/movement/stack.ts';
import { adam } from '../../stdlib/optimizers/adam.ts';
import { pipeline } from '../../stdlib/pipeline.ts';
import { ModelDisk } from '../store/model-disk.ts';
import { isLong, runs } from '../support/effort.ts';
import { illegal } from '../support/illegal.ts';
import { tally } from '../support/tally.ts';
import { diskInMemory } from './disk-in-memory.ts';

const usual = runs(isLong ? 10_000 : 200);
const count = tally('forged runs', {
  runs: usual,
  refused: usual / 4,
  'gone on with': usual / 20,
  logs: usual,
});

const place = diskInMemory();
const folder = mkdtempSync(join(tmpdir(), 'millrace-forged-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = { x: float };
type Points = Dataset<typeof schema>;
const length = 40;

/** Sources and stages with all kinds of positions. */
const datasets: Readonly<Record<string, () => Points>> = {
  table: () => arrays(schema, { x: Float32Array.from({ length }, (_, i) => i / 10) }).shuffle(),
  stages: () =>
    from(schema, function* () {
      for (let i = 0; i < length; i++) yield { x: i / 10 };
    })
      .shuffle({ buffer: 7 })
      .filter(({ x }) => x > 0.3)
      .window({ xs: vector(3) }, 3, (rows) => ({ xs: rows.map(({ x }) => x) }), { dropRemainder: true })
      .flatMap(schema, ({ xs }) => Array.from(xs, (x) => ({ x })))
      .scan(schema, 0, (sum, { x }) => [sum + x, { x: x + sum / 1000 }])
      .dedupe({ by: ({ x }) => x, within: { rows: 5 } }),
  positions: () =>
    from(schema, {
      *open(position) {
        for (let i = Number(position ?? 0); i < length; i++) yield { row: { x: i / 10 }, position: i + 1 };
      },
    })
      .map(schema, async ({ x }) => ({ x: x + 1 }), { concurrency: 3 })
      .skip(2)
      .take(35)
      .repeat(2)
      .prefetch(3),
};

const layer = dense(1, { name: 'line' });
const lineOf = (rows: Points) =>
  pipeline({
    data: rows.batch(4),
    model: ({ x }) => layer(stack([x])),
    loss: (predicted, { x }) => meanSquaredError(stack([x]), predicted),
    optimizer: adam(),
  });
const compiled = compile(lineOf(datasets.table!()), { name: 'line' });
const busy: Hook<number> = defineHook({
  name: 'busy',
  initialState: 0,
  events: ['batchFinished', 'checkpointSaved'],
  on(steps, event) {
    if (event.type === 'batchFinished') return { state: steps + 1, commands: [snapshot('kept')] };
    return undefined;
  },
});

async function trained(rows: Points): Promise<{ events: RunEvent[]; failure: unknown }> {
  const run = train(lineOf(rows), {
    epochs: 3,
    compiled,
    engine: wasmEngine({ threads: 0 }),
    hooks: [
      busy,
      earlyStopping({ patience: 5, monitor: 'loss' }),
      checkpoint('/data/a', { every: [4, 'steps'] }),
    ],
    resume: true,
  });
  const events: RunEvent[] = [];
  run.events$.subscribe((event) => events.push(event));
  const failure: unknown = await run.finished.then(
    () => undefined,
    (error: unknown) => error,
  );
  run.model?.dispose();
  return { events, failure };
}

/** A checkpoint in the midst of the second epoch. */
async function genuine(rows: Points): Promise<Checkpoint> {
  place.disk = new ModelDisk();
  const run = train(lineOf(rows), {
    epochs: 3,
    compiled,
    engine: wasmEngine({ threads: 0 }),
    hooks: [
      busy,
      earlyStopping({ patience: 5, monitor: 'loss' }),
      checkpoint('/data/a', { every: [4, 'steps'] }),
    ],
  });
  run.events$.subscribe((event) => {
    if (event.type === 'batchFinished' && event.epoch === 2) run.cancel();
  });
  (await run.finished).model.dispose();
  const checkpoints = await Checkpoints.open('/data/a');
  const newest = await checkpoints.newest();
  await checkpoints.close();
  if (!newest) throw new Error('internal: there is no checkpoint');
  return newest;
}

const anything = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, '', 'x', Number.NaN, -1, 0.5, 0, 1, 3, 2 ** 40, 1e300, 5n),
  fc.constantFrom<unknown>([], {}, [1], [undefined], { step: 1 }, new Map(), new Set([1]), new Date(0)),
  fc.constantFrom<unknown>(new Float32Array(3), [{ x: 1 }], [{ x: 'no' }], [[1, 2]], { rows: {} }),
  fc.anything({ maxDepth: 2, withBigInt: true, withMap: true, withTypedArray: true }),
);

/** One value of a tree, chosen by numbers, made anew. */
function changed(value: unknown, path: readonly number[], make: (before: unknown) => unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== 'object' || value === null || ArrayBuffer.isView(value))
    return make(value);
  if (value instanceof Map || value instanceof Set || value instanceof Date) return make(value);
  const keys = Object.keys(value);
  const key = keys[first % Math.max(1, keys.length)];
  if (key === undefined) return make(value);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  Object.defineProperty(copy, key, {
    ...{ enumerable: true, writable: true, configurable: true },
    value: changed((value as Record<string, unknown>)[key], rest, make),
  });
  return copy;
}

const checkpointsOf = new Map<string, Promise<Checkpoint>>();

test('states of runs', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(datasets)),
      fc.array(
        fc.record({
          // Half of the changes are made to what the data left behind.
          within: fc.constantFrom<readonly string[]>([], ['run'], ['run', 'data'], ['run', 'data']),
          path: fc.array(fc.nat(30), { maxLength: 9 }),
          to: anything,
        }),
        { minLength: 1, maxLength: 2 },
      ),
      async (name, changes) => {
        const rows = datasets[name]!();
        const known = checkpointsOf.get(name) ?? genuine(rows);
        checkpointsOf.set(name, known);
        const { generation, tensors, program, state } = await known;
        const forged = changes.reduce<unknown>((before, { within, path, to }) => {
          const change = ([key, ...rest]: readonly string[], value: unknown): unknown => {
            if (key === undefined) return changed(value, path, () => to);
            if (typeof value !== 'object' || value === null) return value;
            return { ...value, [key]: change(rest, (value as Record<string, unknown>)[key]) };
          };
          return change(within, before);
        }, state);
        place.disk = new ModelDisk();
        const checkpoints = await Checkpoints.open('/data/a');
        const { step, epoch } = generation;
        try {
          await checkpoints.write({ step, epoch, time: 0, state: forged, tensors, program });
        } catch {
          // No plain data: nobody can write it.
          fc.pre(false);
        } finally {
          await checkpoints.close();
        }
        const { events, failure } = await trained(rows);
        count('runs');
        expect(illegal(events)).toBeUndefined();
        if (failure === undefined) {
          count('gone on with');
          return;
        }
        expect(failure).toBeInstanceOf(DiagnosticError);
        const codes = (failure as DiagnosticError).diagnostics.map(({ code }) => code);
        // An error that nobody expected is a fault of ours.
        expect(codes, String((failure as Error).cause)).not.toContain('RUN806');
        count('refused');
      },
    ),
    { numRuns: usual },
  );
}, 1_200_000);

test('logs of events', async () => {
  const line = fc.oneof(
    fc.json(),
    fc
      .record(
        { type: fc.constantFrom('runStarted', 'epochFinished', 'batchFinished', 'sing'), number: fc.nat(9) },
        {
          requiredKeys: [],
        },
      )
      .map((event) => JSON.stringify(event)),
    fc
      .record({ type: anything.filter((value) => typeof value !== 'bigint'), number: fc.nat(9) })
      .map((event) => {
        try {
          return JSON.stringify(event);
        } catch {
          return '{';
        }
      }),
    fc.string(),
  );
  const path = join(folder, 'events.jsonl');
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 5 }), async (lines) => {
      writeFileSync(path, lines.join('\n'));
      const attempt = async (work: () => Promise<unknown>): Promise<void> => {
        try {
          await work();
        } catch (error) {
          expect(error).toBeInstanceOf(DiagnosticError);
        }
      };
      await attempt(async () => {
        for await (const event of readEvents(path)) expect(event.type).toBeTypeOf('string');
      });
      await attempt(() =>
        replayEvents(path, defineHook({ name: 'counts', initialState: 0, on: (n) => ({ state: n + 1 }) })),
      );
      count('logs');
    }),
    { numRuns: usual },
  );
}, 600_000);

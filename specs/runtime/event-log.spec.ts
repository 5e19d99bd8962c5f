/** Events kept in a file and heard again, and events for those who are slow. */
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { float } from '../../dsl/column.ts';
import { arrays } from '../../dsl/dataset.ts';
import type { RunEvent } from '../../runtime/index.ts';
import {
  boundedEvents,
  checkpoint,
  defineHook,
  earlyStopping,
  eventLog,
  readEvents,
  replayEvents,
  train,
} from '../../runtime/index.ts';
import { dense } from '../../stdlib/layers/core/dense.ts';
import { meanSquaredError } from '../../stdlib/losses/meanSquaredError.ts';
import { stack } from '../../stdlib/ops/movement/stack.ts';
import { sgd } from '../../stdlib/optimizers/sgd.ts';
import { pipeline } from '../../stdlib/pipeline.ts';
import { runs } from '../support/effort.ts';
import { refused } from '../support/refused.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-events-'));
});
afterAll(() => rm(folder, { recursive: true }));

const data = arrays({ x: float, y: float }, { x: [1, 2, 3, 4, 5], y: [2, 4, 6, 8, 9] });

function line() {
  const layer = dense(1, { name: 'line' });
  return pipeline({
    data: data.batch(2),
    validation: data.batch(5),
    model: ({ x }) => layer(stack([x])),
    loss: (predicted, { y }) => meanSquaredError(stack([y]), predicted),
    optimizer: sgd({ learningRate: 0.01 }),
  });
}

async function listed(file: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of readEvents(file)) events.push(event);
  return events;
}

/** Lines are written behind the run. */
const written = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

describe('an event log', () => {
  test('holds all events as they were told, numbers that are not finite among them', async () => {
    const file = join(folder, 'whole.jsonl');
    const told: RunEvent[] = [];
    const run = train(line(), { epochs: 3, hooks: [eventLog(file)], nanGuard: false });
    run.events$.subscribe((event) => told.push(event));
    await run.finished;
    await written();
    expect(await listed(file)).toEqual(told);
    const strange = join(folder, 'strange.jsonl');
    const log = eventLog(strange);
    const event = { ...told[2], loss: Number.NaN, missing: undefined } as unknown as RunEvent;
    log.on(undefined, event);
    log.on(undefined, told.at(-1) as RunEvent);
    await written();
    expect((await listed(strange))[0]).toEqual(event);
  });

  test('gives a hook what it would have known, also of a run that was gone on with', async () => {
    const file = join(folder, 'resumed.jsonl');
    const kept = join(folder, 'kept');
    const options = (): object => ({
      hooks: [eventLog(file), earlyStopping({ patience: 2 }), checkpoint(kept)],
    });
    await train(line(), { epochs: 2, ...options() }).finished;
    await train(line(), { epochs: 5, ...options(), resume: true }).finished;
    await written();
    const sums = defineHook({
      name: 'sums',
      initialState: { losses: [] as number[] },
      events: ['epochFinished'],
      on: (state, event) => ({
        state: { losses: event.type === 'epochFinished' ? [...state.losses, event.loss] : state.losses },
      }),
    });
    const whole = await train(line(), { epochs: 5 }).finished;
    const { state } = await replayEvents(file, sums);
    expect(state.losses).toEqual(whole.history.map(({ loss }) => loss));
    const stopping = await replayEvents(file, earlyStopping({ patience: 1, mode: 'max' }));
    expect(stopping.commands.map(({ command }) => command.command)).toContain('stop');
  });

  test('is read up to a line that a crash has torn, and refused where any other is damaged', async () => {
    const file = join(folder, 'torn.jsonl');
    await train(line(), { epochs: 2, hooks: [eventLog(file)] }).finished;
    await written();
    const text = await readFile(file, 'utf8');
    const count = (await listed(file)).length;
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), async (length) => {
        const torn = join(folder, 'shorter.jsonl');
        await writeFile(torn, text);
        await truncate(torn, length);
        expect((await listed(torn)).length).toBeLessThanOrEqual(count);
        const damaged = join(folder, 'damaged.jsonl');
        const lines = text.split('\n');
        const at = length % (lines.length - 2);
        lines[at] = lines[at]!.slice(0, -2);
        await writeFile(damaged, lines.join('\n'));
        await expect(listed(damaged)).rejects.toThrow(new RegExp(`line ${at + 1} of the event log`));
        tried++;
      }),
      { numRuns: runs(20) },
    );
    expect(tried).toBeGreaterThanOrEqual(20);
    await appendFile(join(folder, 'none.jsonl'), '{"type":1}\n{}\n');
    expect(await refused(listed(join(folder, 'none.jsonl')))).toMatchObject([{ code: 'RUN809' }]);
    expect(await refused(listed(join(folder, 'nowhere.jsonl')))).toMatchObject([{ code: 'RUN808' }]);
  });

  test('that cannot be written is a warning, and the run goes on', async () => {
    const warnings: string[] = [];
    const listener = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', listener);
    await train(line(), { hooks: [eventLog(join(folder, 'no', 'such', 'folder.jsonl'))] }).finished;
    await written();
    process.off('warning', listener);
    expect(warnings.join()).toContain('the event log');
  });
});

describe('bounded events', () => {
  const event = (number: number): RunEvent =>
    ({ type: 'batchStarted', number, time: 0, step: number, epoch: 1, size: 1 }) as const;

  test('never hold more than their room, count what they drop, and always give the last', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('dropOldest', 'dropNewest', 'sample'),
        fc.array(fc.nat(12), { maxLength: 8 }),
        async (capacity, overflow, bursts) => {
          const subject = new Subject<RunEvent>();
          const events = boundedEvents(subject, { capacity, overflow });
          const seen: number[] = [];
          let sent = 0;
          for (const burst of bursts) {
            for (let i = 0; i < burst; i++) subject.next(event(++sent));
            if (burst === 0) continue;
            const next = await events.next();
            if (!next.done) seen.push(next.value.number);
          }
          subject.next({ type: 'runCancelled', number: ++sent, time: 0, step: 0, epoch: 0, reason: 'done' });
          subject.complete();
          for await (const { number } of events) seen.push(number);
          expect(seen.at(-1)).toBe(sent);
          expect(seen.length + events.dropped).toBe(sent);
          expect(new Set(seen).size).toBe(seen.length);
          if (overflow !== 'sample') expect(seen).toEqual([...seen].sort((a, b) => a - b));
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('wait for what comes, and leave when they are left', async () => {
    const subject = new Subject<RunEvent>();
    const events = boundedEvents(subject);
    setTimeout(() => subject.next(event(1)), 5);
    for await (const { number } of events) {
      expect(number).toBe(1);
      break;
    }
    expect(subject.observed).toBe(false);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test('refuse what is no room and no policy', async () => {
    const subject = new Subject<RunEvent>();
    expect(await refused(async () => boundedEvents(subject, { capacity: 0 }))).toMatchObject([
      { code: 'RUN801' },
    ]);
    expect(await refused(async () => boundedEvents(subject, { overflow: 'block' as never }))).toMatchObject([
      { code: 'RUN801' },
    ]);
  });
});

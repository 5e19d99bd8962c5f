/**
 * A process that works for long and looks at itself: `node --expose-gc endurance.mjs WORK COUNT FOLDER`. It writes samples as one
 * line of JSON: memory in use after a collection, open files, handles and threads.
 */
import { readdirSync, readlinkSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { checkpoint, defineHook, nanGuard, snapshot, train } from '../../dist/runtime/index.js';
import { nodeFileSystem } from '../../dist/runtime/store/folder/node-file-system.js';
import * as m from '../../dist/stdlib/index.js';

const [, , work, given, folder] = process.argv;
const total = Number(given);
const times = 12;
const samples = [];

async function sample(done, more = {}) {
  for (let i = 0; i < 3; i++) {
    await setImmediate();
    globalThis.gc();
  }
  const files = readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return !readlinkSync(`/proc/self/fd/${fd}`).includes('/proc/');
    } catch {
      return false;
    }
  });
  samples.push({
    done,
    heap: process.memoryUsage().heapUsed,
    files: files.length,
    handles: process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length,
    threads: readdirSync('/proc/self/task').length,
    ...more,
  });
}

const schema = { x: m.float, y: m.float };
const row = (i) => ({ x: (i % 7) / 7, y: (i % 5) / 5 });

function line(rows) {
  const layer = m.dense(1);
  return m.pipeline({
    data: rows.batch(4),
    model: ({ x }) => layer(m.stack([x])),
    loss: (z, { y }) => m.meanSquaredError(m.stack([y]), z),
    optimizer: m.adam(),
  });
}
const table = (length) =>
  m.arrays(schema, {
    x: Float32Array.from({ length }, (_, i) => row(i).x),
    y: Float32Array.from({ length }, (_, i) => row(i).y),
  });
const busy = () =>
  defineHook({
    name: 'busy',
    initialState: 0,
    events: ['batchFinished'],
    on: (n, { step }) => ({ state: n + 1, commands: step % 100 === 0 ? [snapshot('kept')] : [] }),
  });

/** Samples are taken where the work rests: the source of the rows is asked for them. */
async function* rowsWithRests(steps, rest) {
  for (let i = 0; i < 4 * steps; i++) {
    if (i > 0 && i % Math.floor((4 * steps) / times) === 0) await rest(i / 4);
    // Some are bad, and counted.
    yield i % 101 === 0 ? { x: 'no', y: 0 } : row(i);
  }
}

const works = {
  /** Steps of one run over one endless epoch, with rows that are rejected. */
  async steps() {
    const rows = m.from(schema, () => rowsWithRests(total, sample), { onBadRow: 'skip' });
    const run = train(line(rows), { hooks: [busy(), nanGuard()], threads: 0 });
    let events = 0;
    run.events$.subscribe(() => events++);
    const { model } = await run.finished;
    model.dispose();
  },
  /** Epochs of one run: what it remembers of them has a bound. */
  async epochs() {
    const run = train(line(table(4)), { epochs: total, hooks: [busy()], threads: 0 });
    const every = Math.floor(total / times);
    run.events$.subscribe(({ type, epoch }) => {
      if (type === 'epochFinished' && epoch % every === 0) {
        globalThis.gc();
        samples.push({ done: epoch, heap: process.memoryUsage().heapUsed, files: 0, handles: 0, threads: 0 });
      }
    });
    const { model, history } = await run.finished;
    model.dispose();
    await sample(total, { history: history.length });
  },
  async checkpoints() {
    // That a disk is slow is tried elsewhere.
    const { create } = nodeFileSystem;
    nodeFileSystem.create = async (path) => Object.assign(await create(path), { sync: async () => {} });
    nodeFileSystem.syncFolder = async () => {};
    let saved = 0;
    let next = 0;
    const stop = new AbortController();
    const rows = m.from(schema, async function* () {
      for (let i = 0; ; i++) {
        if (i % 4 === 0) await setImmediate();
        if (saved >= next) {
          next += Math.max(1, Math.floor(total / times));
          await sample(saved, { kept: readdirSync(folder).length });
        }
        if (saved >= total) stop.abort();
        yield row(i);
      }
    });
    const run = train(line(rows), {
      steps: 1e9,
      hooks: [busy(), checkpoint(folder, { every: [1, 'steps'], keep: 3 })],
      signal: stop.signal,
      threads: 0,
    });
    run.events$.subscribe((event) => {
      if (event.type === 'checkpointSaved' && event.place === 'disk') saved++;
      if (event.type === 'checkpointFailed') throw new Error(event.error.message);
    });
    const { model } = await run.finished;
    model.dispose();
  },
  /** Runs that finish, are cancelled, fail, and are gone on with, on threads at times. */
  async runs() {
    for (let i = 0; i < total; i++) {
      if (i % Math.max(1, Math.floor(total / times)) === 0) await sample(i);
      const isFailing = i % 5 === 3;
      const rows = isFailing ? m.from(schema, () => [row(1), { x: 'no', y: 0 }]) : table(40);
      const run = train(line(rows), {
        epochs: 2,
        hooks: [busy(), ...(i % 10 === 0 ? [checkpoint(`${folder}/${i % 20}`)] : [])],
        threads: i % 20 === 7 ? 2 : 0,
        ...(i % 10 === 0 && { resume: true }),
      });
      if (i % 5 === 2) run.events$.subscribe(({ type }) => type === 'batchFinished' && run.cancel());
      await run.finished.catch((error) => {
        if (!isFailing) throw error;
      });
      run.model?.dispose();
    }
  },
  async subscribers() {
    const rows = m.from(schema, async function* () {
      for (let i = 0; i < times; i++) {
        for (let each = 0; each < total / times; each++) {
          const subscription = run.events$.subscribe(() => {});
          subscription.unsubscribe();
        }
        await sample(((i + 1) * total) / times);
        yield row(i);
      }
    });
    const run = train(line(rows), { threads: 0 });
    const { model } = await run.finished;
    model.dispose();
  },
};

await works[work]();
writeSync(1, JSON.stringify(samples));

/**
 * Whole runs that are killed (`kill -9`) and gone on with until they are done: every row counts exactly once, and weights, what
 * training needs beside them, and events are those of a run that nothing happened to.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'millrace/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CapturedState } from '../../runtime/run/keep/capture.ts';
import { newestIn } from '../../runtime/store/checkpoints/newest.ts';
import { isTemporary } from '../../runtime/store/folder/part.ts';
import type { Tensors } from '../../runtime/store/safetensors.ts';
import { build } from '../cli/millrace.ts';
import type { Chance } from '../store/chance.ts';
import { chanceFrom } from '../store/chance.ts';
import { isLong, runs, seed } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { countedEvents } from './counted-events.ts';
import type { Ledger } from './ledgers.ts';
import { ledgers } from './ledgers.ts';
import type { Moment, Way } from './processes.ts';
import { Trained } from './processes.ts';

const base = mkdtempSync(join(tmpdir(), 'millrace-kills-'));
beforeAll(build);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const count = tally('kills of whole runs', {
  kills: 9,
  'while training': 5,
  'while a checkpoint was written': 2,
  'resumed exactly': 3,
  'ledgers that balance': 9,
});

function momentOf(chance: Chance, bytes: number): Moment {
  const kind = chance(10);
  if (kind < 4) return { kind: 'told', bytes: Math.ceil((bytes * (20 + chance(60))) / 100) };
  if (kind < 9) return { kind: 'writing', durable: 1 + chance(3), change: 1 + chance(30) };
  return { kind: 'time', milliseconds: chance(600) };
}

async function newestStateIn(folder: string): Promise<CapturedState | undefined> {
  const newest = await newestIn(join(folder, 'checkpoints'));
  return newest?.state as CapturedState | undefined;
}

/** The highest position that the newest durable checkpoint holds. */
async function heldPosition(folder: string): Promise<number> {
  const state = await newestStateIn(folder);
  // After the only epoch no position is needed any more.
  if (state && state.run.history.length > 0) return Number.POSITIVE_INFINITY;
  let highest = 0;
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('position' in value && typeof value.position === 'number')
      highest = Math.max(highest, value.position);
    for (const each of Object.values(value)) look(each);
  };
  look(state?.run.data);
  return highest;
}

async function expectAcknowledgedIsDurable(folder: string): Promise<void> {
  const path = join(folder, 'acknowledged');
  if (!existsSync(path)) return;
  expect(existsSync(join(folder, 'early')), 'acknowledged before it was durable').toBe(false);
  const acknowledged = Math.max(...readFileSync(path, 'utf8').trim().split('\n').map(Number));
  expect(acknowledged).toBeLessThanOrEqual(await heldPosition(folder));
}

const bytesOf = (tensors: Tensors | undefined): object =>
  Object.fromEntries(
    [...(tensors ?? [])].map(([id, { values }]) => [id, Buffer.from(values.buffer).toString('hex')]),
  );

/** All that a finished run leaves behind, without its times. */
async function leftIn(folder: string): Promise<object> {
  const newest = await newestIn(join(folder, 'checkpoints'));
  const state = await newestStateIn(folder);
  if (!newest || !state) throw new Error(`internal: there is no checkpoint in ${folder}`);
  const { run, ...rest } = state;
  const { hooks, history, data, ...plain } = run;
  const files = readdirSync(join(folder, 'model')).filter((name) => name.startsWith('weights'));
  return {
    weights: bytesOf(newest.tensors.get('weights')),
    training: bytesOf(newest.tensors.get('training')),
    snapshot: bytesOf(newest.tensors.get('snapshot-0')),
    run: { ...plain, history: history.map(({ time, ...event }) => event) },
    // Files are the same by what they hold, not by where they lie.
    data: JSON.stringify(data, (key, value) => (key === 'inode' ? 0 : value)),
    busy: hooks.busy,
    rest,
    saved: files.map((name) => [name, readFileSync(join(folder, 'model', name)).toString('hex')]),
  };
}

async function expectCounted(folder: string, { entries, counts }: Ledger): Promise<void> {
  const newest = await newestIn(join(folder, 'checkpoints'));
  const [w] = [...(newest?.tensors.get('weights') ?? new Map()).values()];
  expect([...w.values]).toEqual(Array.from({ length: entries }, (_, id) => counts(id)));
  const model = await load(join(folder, 'model'));
  const answers = model.predict(Array.from({ length: entries }, (_, id) => ({ id })));
  expect(answers).toEqual(Array.from({ length: entries }, (_, id) => counts(id)));
  model.dispose();
}

async function tried(name: string, ledger: Ledger, way: Way, kills: number): Promise<void> {
  const chance = chanceFrom(
    seed ^ [...`${name} ${way}`].reduce((hash, letter) => hash * 31 + letter.charCodeAt(0), 7),
  );
  // Seeds that are alike begin alike.
  for (let drawn = 0; drawn < 20; drawn++) chance(2);
  const folder = (what: string): string => join(base, `${name}-${way}-${what}`);
  const undisturbed = new Trained(folder('undisturbed'), ledger, way);
  expect(await undisturbed.go()).toEqual({ status: 0, signal: null, stderr: '' });
  const killed = new Trained(folder('killed'), ledger, way);
  let done = false;
  for (let kill = 0; kill < kills && !done; ) {
    const end = await killed.go(momentOf(chance, undisturbed.bytes));
    await expectAcknowledgedIsDurable(killed.folder);
    if (end.signal !== 'SIGKILL') {
      expect(end).toMatchObject({ status: 0, stderr: '' });
      done = true;
      break;
    }
    kill++;
    count('kills');
    if (killed.bytes > 0) count('while training');
    if (readdirSync(join(killed.folder, 'checkpoints')).some(isTemporary))
      count('while a checkpoint was written');
  }
  if (!done) expect(await killed.go()).toEqual({ status: 0, signal: null, stderr: '' });
  await expectAcknowledgedIsDurable(killed.folder);
  await expectCounted(killed.folder, ledger);
  count('ledgers that balance');
  expect(await leftIn(killed.folder)).toEqual(await leftIn(undisturbed.folder));
  for (const event of killed.events) {
    if (event.type === 'runResumed') {
      expect(event).toMatchObject({ exact: true, fresh: [], unused: [] });
      count('resumed exactly');
    }
  }
  expect(countedEvents(killed.events)).toEqual(countedEvents(undisturbed.events));
}

describe('a script', () => {
  for (const [name, ledger] of Object.entries(ledgers)) {
    test.concurrent(name, () => tried(name, ledger, 'script', runs(isLong ? 7 : 2)), 600_000);
  }
});

describe('the command line', () => {
  const chosen = isLong ? Object.keys(ledgers) : ['stages'];
  for (const name of chosen) {
    const ledger = ledgers[name];
    if (ledger) test(name, () => tried(name, ledger, 'command', runs(isLong ? 4 : 1)), 600_000);
  }
});

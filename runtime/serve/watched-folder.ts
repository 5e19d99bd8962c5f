/** Serves the model in a folder, and takes a new one when there is one: a saved model, or the newest checkpoint that is whole. */
import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { saying } from '../../compiler/diagnostics/because.ts';
import type { Model } from '../model/model.ts';
import { pipelineOf, predictorOf } from '../model/model.ts';
import type { LoadOptions } from '../store/model/load.ts';
import { load } from '../store/model/load.ts';
import { readStates } from '../store/read-states.ts';
import type { Served, ServedModel } from './served.ts';
import type { Log } from './settings.ts';

interface Watching extends Pick<LoadOptions, 'engine' | 'vocabulary'> {
  readonly directory: string;
  /** How often to look, in milliseconds, besides when the system says that something has changed. */
  readonly poll: number;
  readonly log: Log;
}

/** Manifests are the last that is written of a model or a checkpoint: what changes, changes one of them. */
const manifest = /^(model|checkpoint-\d{12})\.json$/;

/** A folder that changes while it is read is read again, so often at most. */
const mostReadings = 5;

/** Several files change together; so long nothing is read, in milliseconds. */
const settling = 20;

export class WatchedFolder implements Served {
  current: ServedModel | undefined;
  failures = 0;
  private readonly watching: Watching;
  private watcher: FSWatcher | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What the folder held when it was read last, whole or not. */
  private seen = '';
  private readonly told = new Set<string>();
  private isClosed = false;

  private constructor(watching: Watching) {
    this.watching = watching;
  }

  /** Reads the folder for the first time: RUN808, RUN809 and RUN813 as of `load`. */
  static async open(watching: Watching): Promise<WatchedFolder> {
    const folder = new WatchedFolder(watching);
    await folder.read();
    folder.watch();
    return folder;
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.watcher?.close();
    this.current?.model.dispose();
    this.current = undefined;
  }

  private watch(): void {
    const { directory, poll } = this.watching;
    try {
      this.watcher = watch(directory, { persistent: false }, () => this.lookIn(settling));
      // A folder that is gone, or a system that cannot watch: there is still the clock.
      this.watcher.on('error', () => this.watcher?.close());
    } catch {
      this.watcher = undefined;
    }
    this.lookIn(poll);
  }

  private lookIn(milliseconds: number): void {
    if (this.isClosed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), milliseconds);
    this.timer.unref();
  }

  private async look(): Promise<void> {
    try {
      const present = await this.present();
      if (present !== '' && present !== this.seen) await this.read();
    } catch (error) {
      this.fail(saying(error));
    }
    this.lookIn(this.watching.poll);
  }

  private async read(): Promise<void> {
    const { directory, engine, vocabulary } = this.watching;
    const onDamaged = (name: string, reason: string): void => this.fail(`${name} is damaged: ${reason}`);
    for (let reading = 1; ; reading++) {
      this.seen = await this.present();
      const model = await load(directory, { engine, vocabulary, onDamaged });
      const { tensors } = await readStates(directory);
      const isSteady = this.seen === (await this.present());
      if (!isSteady && reading < mostReadings) {
        model.dispose();
        continue;
      }
      const step = tensors.get(pipelineOf(model).contract.state.step)?.values[0] ?? 0;
      this.take(model, step);
      return;
    }
  }

  /** From one batch of rows to the next: whoever was asked before has been answered by the version before. */
  private take(model: Model, step: number): void {
    const before = this.current;
    if (this.isClosed || (before?.step === step && haveSameWeights(before.model, model))) {
      model.dispose();
      return;
    }
    // All that takes long comes before.
    const { answers } = pipelineOf(model).contract;
    for (const { program } of answers) predictorOf(model, program);
    const version = (before?.version ?? 0) + 1;
    this.current = { version, step, model };
    before?.model.dispose();
    this.watching.log(`version ${version} answers from now on: step ${step}`, 'news');
  }

  /** Said once of each damage; the version before goes on. */
  private fail(reason: string): void {
    if (this.told.has(reason)) return;
    this.told.add(reason);
    this.failures++;
    const { current } = this;
    const after = current ? `version ${current.version} goes on` : 'an older one is taken';
    this.watching.log(`a new version was not taken, ${after}: ${reason}`, 'problem');
  }

  /** What the folder holds, as a text that is another one whenever a manifest is. */
  private async present(): Promise<string> {
    const { directory } = this.watching;
    const names = (await readdir(directory).catch(() => [])).filter((name) => manifest.test(name)).sort();
    const facts = names.map(async (name) => {
      const { mtimeMs, size, ino } = await stat(join(directory, name)).catch(() => gone);
      return `${name} ${mtimeMs} ${size} ${ino}`;
    });
    return (await Promise.all(facts)).join('\n');
  }
}

const gone = { mtimeMs: 0, size: 0, ino: 0 };

function haveSameWeights(one: Model, other: Model): boolean {
  const [a, b] = [pipelineOf(one), pipelineOf(other)];
  const [states, others] = [a.states('param', 'state'), b.states('param', 'state')];
  return (
    states.map(({ id }) => id).join() === others.map(({ id }) => id).join() &&
    states.every(({ id }) => {
      const [mine, theirs] = [a.session.read(id), b.session.read(id)];
      return mine.length === theirs.length && mine.every((value, i) => Object.is(value, theirs[i]));
    })
  );
}

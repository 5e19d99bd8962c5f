/** Checkpoints of a run in a folder: written by one process at a time, durable when announced, the newest whole one found again. */
import { resolve } from 'node:path';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { Absent } from './absent.ts';
import type { Checkpoint, Generation, OnDamaged } from './checkpoints/generation.ts';
import { factsFor, generationOf, groupPrefix, nameOf } from './checkpoints/generation.ts';
import { newestCheckpoint } from './checkpoints/newest.ts';
import type { Listing } from './checkpoints/read.ts';
import { listCheckpoints, readCheckpoint } from './checkpoints/read.ts';
import { Retention } from './checkpoints/retention.ts';
import type { FileSystem } from './folder/file-system.ts';
import { Folder } from './folder/folder.ts';
import { nodeFileSystem } from './folder/node-file-system.ts';
import type { Part } from './folder/part.ts';
import { jsonPart, plainPart, safetensorsPart } from './parts.ts';
import { refuseToRead, refuseToSave } from './refusals.ts';
import type { Tensors } from './safetensors.ts';

export type { Checkpoint, Generation, Mode, OnDamaged } from './checkpoints/generation.ts';
export type { DamagedCheckpoint, Listed, Listing } from './checkpoints/read.ts';

export interface CheckpointsOptions {
  /** How many of the newest are kept, from 1; the best one, and two that are whole, always are. Default 3. */
  readonly keep?: number | undefined;
  /** Default: the disk of this machine. */
  readonly fs?: FileSystem | undefined;
  /** Where the user asked for them, for refusals. Default: the call. */
  readonly span?: Span | undefined;
}

/** What is written. None of it may change until the promise of `write` is settled: it is not copied, and one that changed is refused. */
export interface NewCheckpoint {
  readonly step: number;
  readonly epoch: number;
  /** In milliseconds since 1970. */
  readonly time: number;
  /** Plain data, see `plain-data.ts`. */
  readonly state: unknown;
  /** By group: `weights` are what a model is loaded from, others are the caller's own. */
  readonly tensors: ReadonlyMap<string, Tensors>;
  /** As `programText` makes it; one that does not change is stored once. */
  readonly program: string;
  readonly loss?: number | undefined;
  /** What the best one is chosen by. */
  readonly metric?: Generation['metric'] | undefined;
}

/** How long another writer of the folder may take to end, in milliseconds. */
const patience = 1000;

/**
 * ```ts
 * const checkpoints = await Checkpoints.open('runs/power', { keep: 3 });
 * const newest = await checkpoints.newest({ onDamaged: (name, reason) => console.warn(name, reason) });
 * await checkpoints.write({ step, epoch, time: Date.now(), state, tensors: new Map([['weights', weights]]), program });
 * await checkpoints.close();
 * ```
 */
export class Checkpoints {
  private readonly folder: Folder;
  private readonly retention: Retention;
  private readonly span: Span;
  private turn: Promise<unknown> = Promise.resolve();
  private sequence: number | undefined;
  private isClosed = false;

  private constructor(folder: Folder, keep: number, span: Span) {
    this.folder = folder;
    this.retention = new Retention(folder, keep);
    this.span = span;
  }

  /** Takes the folder until `close`. STO801 where another writer has it, RUN808 where it cannot be made or written. */
  static async open(path: string, options: CheckpointsOptions = {}): Promise<Checkpoints> {
    const { keep = 3, fs = nodeFileSystem, span = siteSpan() } = options;
    try {
      return new Checkpoints(await Folder.open(fs, path, patience), keep, span);
    } catch (error) {
      return refuseToSave(error, { what: 'a checkpoint', folder: path, span });
    }
  }

  /** Whether its folder is the one at this path. */
  isAt(path: string): boolean {
    return resolve(path) === resolve(this.path);
  }

  get path(): string {
    return this.folder.path;
  }

  /**
   * When it resolves, the checkpoint outlives a loss of power; older ones have been removed. When it is refused, with
   * RUN808 or STO801, those that were there are there; STO803 where `state` is not plain data. Writes wait for each other.
   */
  write(content: NewCheckpoint): Promise<Generation> {
    if (this.isClosed) throw new Error('internal: a checkpoint is written after close');
    const mine = this.turn.then(() => this.commit(content));
    this.turn = mine.catch(() => {});
    return mine.catch((error: unknown) =>
      refuseToSave(error, { what: 'a checkpoint', folder: this.path, span: this.span }),
    );
  }

  /** The newest first, and those whose files are not as they were written, as far as manifests and lengths tell. */
  list({ verify = false }: { readonly verify?: boolean } = {}): Promise<Listing> {
    return this.reading(() => listCheckpoints(this.folder.fs, this.path, verify));
  }

  /** The newest that is whole, undefined where there is none; `onDamaged` hears of those that were passed over. */
  newest({
    onDamaged,
  }: {
    readonly onDamaged?: OnDamaged | undefined;
  } = {}): Promise<Checkpoint | undefined> {
    return this.reading(() => newestCheckpoint(this.folder.fs, this.path, onDamaged));
  }

  /** RUN808 where there is none of this name, RUN809 where it is damaged. */
  read(name: string): Promise<Checkpoint> {
    return this.reading(async () => {
      const found = await readCheckpoint(this.folder.fs, this.path, name);
      if (!found) throw new Absent(`there is no ${name}`);
      return found;
    });
  }

  /** Waits for writes under way, and gives the folder back. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.turn;
    await this.folder.close();
  }

  private async commit(content: NewCheckpoint): Promise<Generation> {
    this.sequence ??= await this.highest();
    const sequence = this.sequence + 1;
    const { step, epoch, time, loss, metric } = content;
    const name = nameOf(step);
    const facts = factsFor({
      ...{ sequence, step, epoch, time },
      ...(loss !== undefined && { loss }),
      ...(metric && { metric }),
    });
    const manifest = await this.folder.commit({ name: `${name}.json`, facts, parts: partsOf(content) });
    this.sequence = sequence;
    this.retention.wrote(name);
    await this.folder.tidy(await this.retention.retired());
    return generationOf(name, manifest);
  }

  /** Of all that can be read, whole or not: a number is never given twice. */
  private async highest(): Promise<number> {
    const { generations } = await listCheckpoints(this.folder.fs, this.path, false);
    return Math.max(0, ...generations.map(({ sequence }) => sequence));
  }

  private async reading<T>(read: () => Promise<T>): Promise<T> {
    await this.turn;
    try {
      return await read();
    } catch (error) {
      return refuseToRead(error, { what: 'the checkpoint', folder: this.path });
    }
  }
}

/** The same as `list`, without taking the folder: beside a run that writes there. None where there is no folder. */
export async function unlockedList(
  folder: string,
  { verify = false, fs = nodeFileSystem }: { readonly verify?: boolean; readonly fs?: FileSystem } = {},
): Promise<Listing> {
  try {
    return await listCheckpoints(fs, folder, verify);
  } catch (error) {
    return refuseToRead(error, { what: 'the folder', folder });
  }
}

function partsOf({ program, state, tensors }: NewCheckpoint): ReadonlyMap<string, Part> {
  const groups = [...tensors].map(([group, each]): [string, Part] => [
    groupPrefix + group,
    safetensorsPart(group, each),
  ]);
  return new Map([
    ['program', jsonPart('program', program)],
    ['state', plainPart('state', state)],
    ...groups,
  ]);
}

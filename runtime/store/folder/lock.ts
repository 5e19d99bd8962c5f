/**
 * One writer a folder: each who wants to write puts down a file of a name of its own, then looks for others. The name says
 * which process it is, so it is there whole or not at all, and taking away the lock of a dead process can never
 * take away that of a living one. Who sees another living one steps back and tries again.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { FileSystem } from './file-system.ts';
import type { Life, ProcessIdentity } from './machine.ts';
import { isMissing } from './system-error.ts';

const lockPattern =
  /^\.millrace-lock-(\d{1,10})-(\d{1,20})-([0-9a-f]{8})-([0-9a-f]{8}|0)-([0-9a-f]{8})-([0-9a-f]{16})$/;

/** How often a holder says that it still lives, for those who cannot see its process; in milliseconds. */
const heartbeat = 3000;
/** After how long without a word it is taken for dead. */
const silence = 15_000;

/** What this thread knows of its own locks on a disk, by name. */
interface Own {
  readonly held: Set<string>;
  /** Given back, but the disk refused to remove them. */
  readonly left: Set<string>;
}

const owns = new WeakMap<FileSystem, Own>();

function ownOn(fs: FileSystem): Own {
  const own = owns.get(fs) ?? { held: new Set(), left: new Set() };
  owns.set(fs, own);
  return own;
}

/** Never fails: what stays is known not to be held, here at once and elsewhere when this process has ended. */
async function discard(fs: FileSystem, folder: string, name: string): Promise<void> {
  const { held, left } = ownOn(fs);
  left.add(name);
  held.delete(name);
  await fs.remove(join(folder, name)).then(
    () => left.delete(name),
    () => {},
  );
}

/** Another writer has the folder. */
export class Locked extends Error {
  constructor(path: string, { pid }: ProcessIdentity) {
    super(`${pid === process.pid ? 'this process' : `the process ${pid}`} is writing to ${path}`);
    this.name = 'Locked';
  }
}

/** The lock was taken away: this process stood still for so long that others took it for dead. */
export class LockLost extends Error {
  constructor(path: string) {
    super(`this process stood still, and another one may have written to ${path} since`);
    this.name = 'LockLost';
  }
}

export class Lock {
  private readonly fs: FileSystem;
  private readonly folder: string;
  private readonly name: string;
  private readonly timer: NodeJS.Timeout;

  private constructor(fs: FileSystem, folder: string, name: string) {
    this.fs = fs;
    this.folder = folder;
    this.name = name;
    ownOn(fs).held.add(name);
    // A heart that misses a beat tries again; whether the lock is still there is asked before each commit.
    const beat = (): void => void fs.touch(join(folder, name)).catch(() => {});
    this.timer = setInterval(beat, heartbeat).unref();
  }

  /** Waits for a living holder no longer than `patience` milliseconds, and throws Locked then. */
  static async take(fs: FileSystem, folder: string, patience: number): Promise<Lock> {
    const began = performance.now();
    for (;;) {
      const name = nameOf(await fs.machine.self());
      let rival: Rival | undefined;
      try {
        await (await fs.create(join(folder, name))).close();
        rival = await rivalOf(fs, folder, name);
        if (!rival) return new Lock(fs, folder, name);
      } finally {
        if (!ownOn(fs).held.has(name)) await discard(fs, folder, name);
      }
      // Of one that cannot be seen, only waiting tells whether it lives.
      const enough = rival.life === 'unknown' ? silence + 2 * heartbeat : 0;
      if (performance.now() - began >= Math.max(patience, enough)) throw new Locked(folder, rival.owner);
      await setTimeout(10 + Math.random() * 30);
    }
  }

  /** Throws LockLost where it is not ours any more. */
  async check(): Promise<void> {
    if (!(await this.fs.stat(join(this.folder, this.name)))) throw new LockLost(this.folder);
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await discard(this.fs, this.folder, this.name);
  }
}

function nameOf({ pid, start, host, boot, space }: ProcessIdentity): string {
  return `.millrace-lock-${[pid, start, host, boot, space, randomBytes(8).toString('hex')].join('-')}`;
}

function ownerOf(name: string): ProcessIdentity | undefined {
  const match = lockPattern.exec(name);
  if (!match) return undefined;
  const [, pid, start = '', host = '', boot = '', space = ''] = match;
  return { pid: Number(pid), start, host, boot, space };
}

interface Rival {
  readonly owner: ProcessIdentity;
  readonly life: 'alive' | 'unknown';
}

/** Another writer that lives, or may. Locks of dead ones are removed on the way. */
async function rivalOf(fs: FileSystem, folder: string, own: string): Promise<Rival | undefined> {
  let rival: Rival | undefined;
  for (const name of await fs.list(folder)) {
    const owner = name === own ? undefined : ownerOf(name);
    if (!owner) continue;
    const life = await lifeOf(fs, name, owner);
    if (life === 'dead' || (life === 'unknown' && (await isSilent(fs, folder, name, own)))) {
      await fs.remove(join(folder, name)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    } else rival = { owner, life };
  }
  return rival;
}

async function lifeOf(fs: FileSystem, name: string, owner: ProcessIdentity): Promise<Life> {
  const { held, left } = ownOn(fs);
  if (held.has(name)) return 'alive';
  return left.has(name) ? 'dead' : fs.machine.lifeOf(owner);
}

/** By the clock of the disk: our own file was made just now. */
async function isSilent(fs: FileSystem, folder: string, name: string, own: string): Promise<boolean> {
  const [theirs, mine] = [await fs.stat(join(folder, name)), await fs.stat(join(folder, own))];
  return !theirs || (mine !== undefined && mine.modified - theirs.modified > silence);
}

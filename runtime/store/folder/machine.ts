/** Who writes: a process, as another one can know it, and whether it still lives. */
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { codeOf } from './system-error.ts';

/** All parts are short words of letters and digits, so that they can stand in the name of a file. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in the machine's own ticks; `0` where that cannot be known. */
  readonly start: string;
  readonly host: string;
  /** Another one after each start of the machine; `0` where that cannot be known. */
  readonly boot: string;
  /** Inside which the pid means anything: containers count from 1, each for itself. */
  readonly space: string;
}

/** `unknown`: of another machine or container, or another thread of this process. */
export type Life = 'alive' | 'dead' | 'unknown';

export interface Machine {
  self(): Promise<ProcessIdentity>;
  lifeOf(other: ProcessIdentity): Promise<Life>;
}

let own: Promise<ProcessIdentity> | undefined;

export const thisMachine: Machine = {
  self: () => {
    own ??= identify();
    return own;
  },

  async lifeOf(other) {
    const self = await this.self();
    if (other.host !== self.host) return 'unknown';
    if (other.boot !== self.boot) return other.boot === '0' || self.boot === '0' ? 'unknown' : 'dead';
    if (other.space !== self.space) return 'unknown';
    if (!exists(other.pid)) return 'dead';
    const start = await startOf(other.pid);
    if (start === '0' || other.start === '0') return 'unknown';
    if (start !== other.start) return 'dead';
    return other.pid === self.pid ? 'unknown' : 'alive';
  },
};

async function identify(): Promise<ProcessIdentity> {
  const quiet = (): string => '';
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(quiet);
  const space = await readlink('/proc/self/ns/pid').catch(quiet);
  return {
    pid: process.pid,
    start: await startOf(process.pid),
    host: short(hostname()),
    boot: boot === '' ? '0' : short(boot),
    space: short(space),
  };
}

/** The 22nd field of /proc/PID/stat; the second one may hold blanks and brackets of its own. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /^\d+$/.exec(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '')?.[0] ?? '0';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user's may not be signalled, and is there.
    return codeOf(error) === 'EPERM';
  }
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

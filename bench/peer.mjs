/** A contestant in a process of its own, if it is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));

/** A peer that has not said a word for so long is given up. */
const patienceMilliseconds = 120_000;

function converse(command, args) {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = new Promise((_, reject) => child.on('error', reject));
  failed.catch(() => {});
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hurry = () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMilliseconds);
    return () => clearTimeout(timer);
  };
  /** The next line that is JSON; libraries greet on standard output, too. */
  const answer = async () => {
    const calm = hurry();
    try {
      for (;;) {
        const { value, done } = await Promise.race([lines.next(), failed]);
        if (done) return undefined;
        if (value.startsWith('{')) return JSON.parse(value);
      }
    } finally {
      calm();
    }
  };
  return { child, answer };
}

async function open(command, args) {
  const { child, answer } = converse(command, args);
  const ready = await answer().catch(() => undefined);
  if (!ready?.ready) {
    child.kill();
    return { absent: ready?.absent ?? 'it is installed and does not start' };
  }
  const ended = new Promise((resolve) => child.on('exit', resolve));
  return {
    losses: ready.losses,
    version: ready.version,
    sample: async () => {
      child.stdin.write('sample\n');
      return (await answer()) ?? {};
    },
    // The next case has the machine to itself.
    close: () => {
      child.stdin.end('stop\n');
      return ended;
    },
  };
}

/** Held to one core by the operating system, where a library has no switch for it. */
let pinning;
function oneCore(command, args) {
  pinning ??= spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  return pinning ? open('taskset', ['-c', '0', command, ...args]) : { absent: 'there is no taskset here' };
}

const start = (command, args, pinned) => (pinned ? oneCore(command, args) : open(command, args));

/** A library of npm, installed in bench/peers. `task()` gives the folder of the task's files. */
export function nodePeer({ id, name, script, needs, task, pinned }) {
  return {
    id,
    name,
    open: async () =>
      existsSync(`${folder}node_modules/${needs}`)
        ? start(process.execPath, [script, task()], pinned)
        : { absent: 'not installed (npm ci --prefix bench/peers)' },
  };
}

/** A library of Python, in the virtual environment that MILLRACE_PYTHON names. */
export function pythonPeer({ id, name, script, task, args = [], pinned }) {
  const environment = process.env.MILLRACE_PYTHON;
  return {
    id,
    name,
    open: async () =>
      environment
        ? start(`${environment}/bin/python`, [script, task(), ...args], pinned)
        : { absent: 'not asked for (MILLRACE_PYTHON=path of a virtual environment)' },
  };
}

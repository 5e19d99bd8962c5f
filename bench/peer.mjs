/** A contestant in a process of its own, if it is installed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./peers/', import.meta.url));

function converse(command, args) {
  const child = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const failed = new Promise((_, reject) => child.on('error', reject));
  failed.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** The next line that is JSON; libraries greet on standard output, too. */
  const answer = async () => {
    for (;;) {
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) return undefined;
      if (value.startsWith('{')) return JSON.parse(value);
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
  return {
    sample: async () => {
      child.stdin.write('sample\n');
      const { microseconds, loss } = (await answer()) ?? {};
      return { microseconds, result: loss };
    },
    close: () => child.stdin.end('stop\n'),
  };
}

/** A library of npm, installed in bench/peers. */
export function nodePeer(name, script, packageName, task) {
  const installed = existsSync(`${folder}node_modules/${packageName}`);
  return {
    name,
    open: async () =>
      installed
        ? open(process.execPath, [script, task])
        : { absent: 'not installed (npm ci --prefix bench/peers)' },
  };
}

/** A library of Python, in the virtual environment that MILLRACE_PYTHON names. */
export function pythonPeer(name, script, task) {
  const environment = process.env.MILLRACE_PYTHON;
  return {
    name,
    open: async () =>
      environment
        ? open(`${environment}/bin/python`, [script, task])
        : { absent: 'not asked for (MILLRACE_PYTHON=path of a virtual environment)' },
  };
}

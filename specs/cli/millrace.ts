/** Runs the command line as a user's shell does: as a process of its own, from what is built. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const environment = { ...process.env, NO_COLOR: '1', CI: '1' };

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Call before the first command. */
export function build(): void {
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`internal: the sources do not compile: ${stderr}`);
}

export function millrace(folder: string, args: readonly string[], input = ''): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: environment,
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** Started, and left to the caller to talk to. */
export function start(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...environment, ...env } });
}

/** Lets a shell run a line in which `millrace` stands for the command. */
export function shell(folder: string, line: string): Answer {
  const text = line.replaceAll('millrace', `'${process.execPath}' '${main}'`);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', text], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { status, stdout, stderr };
}

/** One JSON value a line. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

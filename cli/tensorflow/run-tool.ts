/** Runs a tool of the system and waits for it, without standing still. */
import { spawn } from 'node:child_process';

export interface Ran {
  /** Undefined where the tool is not there, or was stopped for taking too long. */
  readonly status: number | undefined;
  /** What it said, on both streams; the last of it. */
  readonly said: string;
}

export interface ToolOptions {
  readonly folder?: string;
  readonly minutes?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

const kept = 20_000;

export function runTool(tool: string, args: readonly string[], options: ToolOptions = {}): Promise<Ran> {
  const { folder, minutes = 30, environment = {} } = options;
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(tool, args, {
      ...(folder !== undefined && { cwd: folder }),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: minutes * 60_000,
      windowsHide: true,
    });
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-kept);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', ({ message }) => resolve({ status: undefined, said: message }));
    child.on('close', (status) => resolve({ status: status ?? undefined, said }));
  });
}

/** The last lines that say something, for messages. */
export function lastLines({ said }: Ran, count = 3): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '' && !/^npm (warn|notice)/i.test(line));
  return lines.slice(-count).join('\n').trim() || 'nothing';
}

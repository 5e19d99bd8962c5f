/** Ledgers trained by processes of their own, which are killed in the midst of it. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { FSWatcher } from 'node:fs';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../../runtime/index.ts';
import type { Ledger } from './ledgers.ts';
import { programText, scriptText } from './ledgers.ts';

const built = (path: string): string => new URL(`../../dist/${path}`, import.meta.url).href;

/** By a script that calls `train`, or by `millrace train`. */
export type Way = 'script' | 'command';

/**
 * When a process is killed: as soon as it has told so many bytes of events, at a change in its folder of checkpoints after it
 * has written some, or after a time.
 */
export type Moment =
  | { readonly kind: 'told'; readonly bytes: number }
  | { readonly kind: 'writing'; readonly durable: number; readonly change: number }
  | { readonly kind: 'time'; readonly milliseconds: number };

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** A ledger in a folder of its own, and all that its processes have told. */
export class Trained {
  readonly folder: string;
  readonly events: RunEvent[] = [];
  /** How many bytes of events the last process has told. */
  bytes = 0;
  private readonly ledger: Ledger;
  private readonly way: Way;
  private grown = 0;

  constructor(folder: string, ledger: Ledger, way: Way) {
    this.folder = folder;
    this.ledger = ledger;
    this.way = way;
    mkdirSync(join(folder, 'checkpoints'), { recursive: true });
    for (const [name, text] of Object.entries(ledger.files ?? {})) writeFileSync(join(folder, name), text);
    if (ledger.grows) writeFileSync(join(folder, ledger.grows), '');
    writeFileSync(join(folder, 'program.ts'), programText(ledger));
    writeFileSync(
      join(folder, 'program.mjs'),
      programText(ledger, built('stdlib/index.js') as `file:${string}`),
    );
    writeFileSync(join(folder, 'script.mjs'), scriptText(ledger, built('runtime/index.js')));
  }

  /** One process, to its end or until it is killed. */
  async go(
    moment?: Moment,
    { node = process.execPath, env = {} }: { node?: string; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Ended> {
    const path = join(this.folder, 'told.jsonl');
    const out = openSync(path, 'w');
    const child = spawn(node, this.arguments(), {
      cwd: this.folder,
      stdio: ['ignore', out, 'pipe'],
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    closeSync(out);
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (status, signal) => resolve({ status, signal, stderr }));
    });
    const over = new AbortController();
    const others = [this.grow(over.signal), ...(moment ? [this.kill(child, moment, path, over.signal)] : [])];
    const end = await ended;
    over.abort();
    await Promise.all(others);
    this.bytes = statSync(path).size;
    const lines = readFileSync(path, 'utf8').split('\n');
    // Of a process that was killed the last line may lack its end.
    lines.pop();
    this.events.push(...lines.map((line) => JSON.parse(line) as RunEvent));
    return end;
  }

  private arguments(): readonly string[] {
    if (this.way === 'script') return ['script.mjs'];
    const { options, every } = this.ledger;
    const [[name, value] = []] = Object.entries(options);
    return [
      ...[fileURLToPath(built('cli/main.js')), 'train', 'program.ts', '--json', `--${name}`, String(value)],
      ...[
        '--checkpoint',
        'checkpoints',
        '--resume',
        '--every',
        String(every),
        '--keep',
        '2',
        '--save',
        'model',
      ],
    ];
  }

  /** Appends rows as another process does: at its own pace, and several writes to a line at times. */
  private async grow(over: AbortSignal): Promise<void> {
    const { grows, entries } = this.ledger;
    if (!grows) return;
    while (this.grown < entries && !over.aborted) {
      const rows = Array.from(
        { length: Math.min(9, entries - this.grown) },
        () => `{"id":${this.grown++}}\n`,
      );
      const text = rows.join('');
      const half = text.length - 4;
      appendFileSync(join(this.folder, grows), text.slice(0, half));
      await pause(1);
      appendFileSync(join(this.folder, grows), text.slice(half));
    }
  }

  private async kill(child: ChildProcess, moment: Moment, told: string, over: AbortSignal): Promise<void> {
    const now = (): void => void (over.aborted || child.kill('SIGKILL'));
    if (moment.kind === 'writing') {
      let durable = 0;
      let changes = 0;
      const watcher: FSWatcher = watch(join(this.folder, 'checkpoints'), (_, name) => {
        if (durable >= moment.durable && ++changes === moment.change) now();
        if (name?.startsWith('checkpoint-')) durable++;
      });
      await new Promise<void>((resolve) => over.addEventListener('abort', () => resolve()));
      watcher.close();
      return;
    }
    const began = performance.now();
    const isDue = (): boolean =>
      moment.kind === 'told'
        ? statSync(told).size >= moment.bytes
        : performance.now() - began >= moment.milliseconds;
    while (!over.aborted && !isDue()) await pause(1);
    now();
  }
}

/** A server for a spec: started on a port of its own, in a folder of its own, ended by the id of its process. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian puts servers, on the path of users or not. */
const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/lib'];

export function programOf(name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

export interface ServerSettings {
  readonly program: string;
  readonly args: (port: number, folder: string) => readonly string[];
  readonly env?: (port: number, folder: string) => Readonly<Record<string, string>>;
}

export class TestServer {
  readonly port: number;
  readonly folder: string;
  private readonly settings: ServerSettings;
  private process: ChildProcess | undefined;

  private constructor(settings: ServerSettings, port: number) {
    this.settings = settings;
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), 'millrace-server-'));
  }

  static async start(settings: ServerSettings): Promise<TestServer> {
    const server = new TestServer(settings, await freePort());
    await server.start();
    return server;
  }

  /** Starts it, or starts it again with what it has on the disk. */
  async start(): Promise<void> {
    const { settings, port, folder } = this;
    let output = '';
    const child = spawn(settings.program, [...settings.args(port, folder)], {
      env: { ...process.env, ...settings.env?.(port, folder) },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // With what it starts itself, it is ended as a group.
      detached: true,
    });
    child.on('error', (error) => {
      output += String(error);
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
    this.process = child;
    for (const end = Date.now() + 90_000; !(await answers(port)); ) {
      if (child.exitCode !== null || Date.now() > end) {
        throw new Error(`internal: ${settings.program} does not answer: ${output.slice(-2000)}`);
      }
      await later(50);
    }
  }

  async kill(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child?.pid || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Serves a run in a thread of its own, so that training and answering do not wait for each other. */
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { builtFile } from '../../../compiler/ir/home.ts';
import { foreignOps } from '../../store/model/foreign-ops.ts';
import { programText } from '../../store/model/save.ts';
import type { Listening } from '../listening.ts';
import { ListenFailure } from '../listening.ts';
import type { HandedOver, Opened, Serving } from '../serving.ts';
import type { Log, ServerSettings } from '../settings.ts';
import type { FromServer, ThreadStart, ToServer } from './messages.ts';

/**
 * Whether another thread gets the same answers: from an engine that it can be told by name, and a program that is a text. Ops
 * of a program's own are functions of this thread.
 */
export function canBeHandedOver({ engine }: Serving, { loaded }: Opened): boolean {
  return engine.isNamed && engine.name === 'wasm' && foreignOps(loaded.compiled.module).size === 0;
}

/** One version is under way at a time, and after it the newest: a thread that is slow misses those in between. */
class Newest {
  private readonly give: (version: HandedOver) => void;
  private waiting: HandedOver | undefined;
  private isUnderWay = false;

  constructor(give: (version: HandedOver) => void) {
    this.give = give;
  }

  send(version: HandedOver): void {
    if (this.isUnderWay) {
      this.waiting = version;
      return;
    }
    this.isUnderWay = true;
    this.give(version);
  }

  taken(): void {
    const { waiting } = this;
    this.isUnderWay = false;
    this.waiting = undefined;
    if (waiting) this.send(waiting);
  }
}

/** Resolves when it listens; rejects with a `ListenFailure`, or with the thread's own error where it cannot start. */
export async function startServerThread(
  serving: Serving,
  opened: Opened,
  settings: ServerSettings,
  log: Log,
): Promise<Listening> {
  const start: ThreadStart = { settings };
  const worker = new Worker(builtFile('runtime/serve/thread/worker.js'), {
    workerData: start,
    // Neither hooks nor checks of the host's command line are for it.
    execArgv: [],
    env: SHARE_ENV,
    name: 'millrace serve',
  });
  const tell = (message: ToServer): void => worker.postMessage(message);
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromServer) => {
      if (message.type === 'listening') resolve(message.port);
      else reject(new ListenFailure(message.type === 'refused' ? message.reason : 'the thread is confused'));
    });
  });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      hasEnded = true;
      resolve();
    });
  });
  worker.on('error', (error: Error) => log(`the thread that serves has failed: ${error.message}`, 'problem'));
  const versions = new Newest((version) => tell({ type: 'version', ...version }));
  worker.on('message', (message: FromServer) => {
    if (message.type === 'log') log(message.line, message.kind);
    else if (message.type === 'taken') versions.taken();
  });
  tell({ type: 'program', text: programText(opened) });
  const stopListening = serving.onPublished((version) => versions.send(version));
  const present = serving.handedOver();
  if (present) versions.send(present);
  return {
    port,
    close: async () => {
      stopListening();
      if (!hasEnded) tell({ type: 'close' });
      await ended;
    },
  };
}

/** The thread that serves while another one trains: it listens, answers, and takes weights as they are handed over. */
import { parentPort, workerData } from 'node:worker_threads';
import { saying } from '../../../compiler/diagnostics/because.ts';
import { HttpServer } from '../http-server.ts';
import { HandedOverModel } from './handed-over.ts';
import type { FromServer, ThreadStart, ToServer } from './messages.ts';

const tell = (message: FromServer): void => parentPort?.postMessage(message);

// It was written by `startServerThread`.
const { settings } = workerData as ThreadStart;
const served = new HandedOverModel();
const server = new HttpServer(served, settings, (line, kind) => tell({ type: 'log', line, kind }));

/** In the order in which they came, though a program takes a while to be opened. */
let before: Promise<void> = Promise.resolve();

async function carryOut(message: ToServer): Promise<void> {
  if (message.type === 'program') await served.open(message.text);
  else if (message.type === 'version') {
    served.take(message);
    tell({ type: 'taken' });
  } else {
    await server.close();
    tell({ type: 'closed' });
    parentPort?.close();
  }
}

parentPort?.on('message', (message: ToServer) => {
  before = before
    .then(() => carryOut(message))
    .catch((error: unknown) => {
      tell({ type: 'log', line: `a version was not taken: ${saying(error)}`, kind: 'problem' });
    });
});

server.listen().then(
  (port) => tell({ type: 'listening', port }),
  (error: unknown) => {
    tell({ type: 'refused', reason: saying(error) });
    parentPort?.close();
  },
);

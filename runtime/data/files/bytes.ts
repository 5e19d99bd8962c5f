/** The bytes of a file from a place on, unpacked where its ending says that they are packed. */
import { closeSync, constants, createReadStream, openSync, statSync } from 'node:fs';
import zlib from 'node:zlib';
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { DiagnosticError, refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { topOf } from '../../../compiler/ir/span.ts';

/** Pieces small enough to be worked on between two heartbeats of the event loop. */
const pieceSize = 1 << 16;

const packed = /\.(gz|zst)$/;

/** The name of a file without the ending that says how it is packed. */
export function unpackedName(path: string): string {
  return path.replace(packed, '');
}

/** Offsets count unpacked bytes. To come to one, a packed file is unpacked from its beginning. */
export async function* bytesOf(path: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const isPacked = packed.test(path);
  if (offset > 0 && !isPacked) refuseShorter(path, offset);
  const file = createReadStream(path, { highWaterMark: pieceSize, start: isPacked ? 0 : offset });
  const bytes = isPacked ? file.pipe(unpacker(path)) : file;
  // An error of the file does not end the stream that it is piped into.
  if (bytes !== file) file.once('error', (error) => bytes.destroy(error));
  const abort = (): void => {
    bytes.destroy();
    if (file.pending) endWaiting(path);
  };
  signal?.addEventListener('abort', abort);
  let skip = isPacked ? offset : 0;
  try {
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      if (skip >= piece.length) skip -= piece.length;
      else {
        yield piece.subarray(skip);
        skip = 0;
      }
    }
    signal?.throwIfAborted();
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof DiagnosticError ? error : unreadable(path, error);
  } finally {
    signal?.removeEventListener('abort', abort);
    bytes.destroy();
    file.destroy();
  }
}

/** Opening a named pipe waits in a thread until somebody writes to it, and the process with it: somebody who writes nothing will do. */
function endWaiting(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFIFO()) return;
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch {
    // Nobody waits there any more.
  }
}

function unpacker(path: string): zlib.Gunzip {
  if (path.endsWith('.gz')) return zlib.createGunzip();
  const { createZstdDecompress } = zlib as { readonly createZstdDecompress?: () => zlib.Gunzip };
  if (createZstdDecompress) return createZstdDecompress();
  return refuse(
    DAT701({
      message: 'this Node cannot unpack zstd',
      span: topOf(path),
      expected: 'Node 22.15 or newer for .zst',
      received: `Node ${process.versions.node}`,
      hint: 'unpack the file, or pack it with gzip',
    }),
  );
}

/** What was read before a crash is still there, or it is another file. */
function refuseShorter(path: string, offset: number): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined || size >= offset) return;
  refuse(
    DAT701({
      message: 'the file is shorter than where its reading is to go on',
      span: topOf(path),
      expected: `${offset} bytes or more`,
      received: `${size} bytes`,
      hint: 'the file was replaced; start the run anew, or use tail for files that are rotated',
    }),
  );
}

function unreadable(path: string, error: unknown): never {
  return refuseBecause(
    DAT701({
      message: `the file cannot be read: ${saying(error)}`,
      span: topOf(path),
      expected: 'a file that can be read',
      received: path,
    }),
    error,
  );
}

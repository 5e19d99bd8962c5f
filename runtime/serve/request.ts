/** Reads what is posted: a body of so many bytes at most, as JSON, as the rows in it. */
import type { IncomingMessage } from 'node:http';
import { saying } from '../../compiler/diagnostics/because.ts';
import type { Problem } from './problem.ts';
import { problem } from './problem.ts';
import type { ServerSettings } from './settings.ts';

type Limits = ServerSettings['limits'];

/** Hands over the text, or what is wrong with it; nothing at all where the client goes away. */
export function readBody(
  request: IncomingMessage,
  { bodyBytes }: Limits,
  done: (body: string | Problem) => void,
): void {
  const { 'content-length': length, 'content-encoding': encoding = 'identity' } = request.headers;
  const tooLarge = (): Problem =>
    problem('tooLarge', `the body is longer than ${bodyBytes} bytes`, `at most ${bodyBytes} bytes`);
  if (encoding !== 'identity') {
    done(problem('encoded', 'the body is encoded', 'JSON as it is, without Content-Encoding'));
    return;
  }
  if (Number(length ?? 0) > bodyBytes) {
    done(tooLarge());
    return;
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (isOver) return;
    if (bytes > bodyBytes) {
      isOver = true;
      pieces.length = 0;
      done(tooLarge());
    } else pieces.push(piece);
  });
  request.on('end', () => {
    if (isOver) return;
    const [only] = pieces;
    done((pieces.length === 1 && only ? only : Buffer.concat(pieces)).toString('utf8'));
  });
}

/** A row, or a list of rows. */
export function rowsIn(body: string, { rows: most }: Limits): readonly unknown[] | Problem {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return problem(
      'notJson',
      `the body is not JSON: ${saying(error)}`,
      'a row {"column": value, …}, or a list of rows',
    );
  }
  if (Array.isArray(value)) {
    if (value.length <= most) return value;
    return problem('tooManyRows', `there are ${value.length} rows in the request`, `at most ${most} rows`);
  }
  if (typeof value === 'object' && value !== null) return [value];
  return problem(
    'notRows',
    'the body is neither a row nor a list of rows',
    'a row {"column": value, …}, or a list of rows',
  );
}

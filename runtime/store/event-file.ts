/** A file of events, a line of JSON each: written behind the run, read back as it was. */
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { saying } from '../../compiler/diagnostics/because.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN809 } from '../../compiler/diagnostics/run.ts';
import { topOf } from '../../compiler/ir/span.ts';
import type { RunEvent } from '../events/event.ts';
import { isTerminal } from '../events/event.ts';
import { Damaged } from './damaged.ts';
import { pathOf } from './model/save.ts';
import { decodePlain, encodePlain } from './plain/plain-data.ts';
import { refuseToRead } from './refusals.ts';

export class EventFile {
  private readonly path: string;
  private stream: WriteStream | undefined;

  constructor(file: string | URL) {
    this.path = pathOf(file);
  }

  /** The file is opened with the first event of a run and closed with its last. */
  write(event: RunEvent): void {
    this.stream ??= this.opened();
    this.stream.write(`${encodePlain(event, 'event')}\n`);
    if (!isTerminal(event)) return;
    this.stream.end();
    this.stream = undefined;
  }

  private opened(): WriteStream {
    const stream = createWriteStream(this.path, { flags: 'a' });
    stream.on('error', (error) => {
      process.emitWarning(
        `the event log ${this.path} cannot be written: ${saying(error)}`,
        'MillraceWarning',
      );
    });
    return stream;
  }
}

/**
 * The events of a file in their order. Of events that a resumed run has written again, the later ones count. A last line that a
 * crash has torn is left out; any other line that is none is refused with RUN809.
 */
export async function* readEvents(file: string | URL): AsyncGenerator<RunEvent> {
  const path = pathOf(file);
  let torn: { readonly line: number; readonly reason: string } | undefined;
  let line = 0;
  try {
    for await (const text of createInterface({
      input: createReadStream(path),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      line++;
      if (text === '') continue;
      if (torn) refuseLine(path, torn);
      try {
        yield eventOf(text);
      } catch (error) {
        if (!(error instanceof Damaged)) throw error;
        torn = { line, reason: error.message };
      }
    }
  } catch (error) {
    refuseToRead(error, { what: 'the event log', folder: path });
  }
}

function eventOf(text: string): RunEvent {
  const event: Partial<RunEvent> = Object(decodePlain(text));
  if (typeof event.type === 'string' && typeof event.number === 'number') return event as RunEvent;
  throw new Damaged('it is no event', 0);
}

function refuseLine(
  path: string,
  { line, reason }: { readonly line: number; readonly reason: string },
): never {
  return refuse(
    RUN809({
      message: `line ${line} of the event log is damaged: ${reason}`,
      span: { ...topOf(path), line, endLine: line },
      expected: 'a line of JSON, as eventLog writes it',
      received: path,
    }),
  );
}

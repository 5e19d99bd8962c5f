/** The command line called in this process, whose libraries are loaded already; how it ends as a process is tried in others. */
import { Readable } from 'node:stream';
import { commandLine } from '../../cli/command-line.ts';
import type { Answer } from './millrace.ts';

/** What is answered in a folder. One at a time: the process stands there meanwhile, and its streams are others. */
export async function called(folder: string, args: readonly string[], input = ''): Promise<Answer> {
  const home = process.cwd();
  const { stdin } = process;
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true });
  const stdout = caught(process.stdout);
  const stderr = caught(process.stderr);
  process.chdir(folder);
  try {
    const status = await commandLine(args);
    return { status, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(home);
    Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
    stdout.end();
    stderr.end();
  }
}

function caught(stream: NodeJS.WriteStream): { readonly text: () => string; readonly end: () => void } {
  const { write } = stream;
  let text = '';
  stream.write = (piece: string | Uint8Array) => {
    text += typeof piece === 'string' ? piece : Buffer.from(piece).toString();
    return true;
  };
  return {
    text: () => text,
    end: () => {
      stream.write = write;
    },
  };
}

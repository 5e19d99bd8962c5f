/** Files that diagnostics speak of: what people call them, and what stands in them. */
import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';

/** Relative to the working directory, where that is shorter. */
export function fileName(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.length > file.length || near.startsWith('../../') ? file : near;
}

/** Bytes of a file that is read for the sake of a line. */
const largest = 1 << 26;

/** Nothing for a file that is not there, such as `standard input`, for a pipe, and for one too large to look into. */
export function textOf(file: string): string | undefined {
  try {
    const found = statSync(file);
    return found.isFile() && found.size <= largest ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

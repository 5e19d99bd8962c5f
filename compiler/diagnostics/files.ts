/** Files that diagnostics speak of: what people call them, and what stands in them. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Relative to the working directory, where that is shorter. */
export function fileName(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.length > file.length || near.startsWith('../../') ? file : near;
}

/** Nothing for a file that is not there, such as `standard input`. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

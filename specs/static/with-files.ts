/** Files that live as long as a test needs them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes the files into a folder of their own, hands over the folder's path, and cleans up when all is done. */
export function withFiles<T>(files: Readonly<Record<string, string>>, body: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-'));
  const cleanUp = (): void => rmSync(folder, { recursive: true });
  let result: T | undefined;
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    result = body(folder);
    return result;
  } finally {
    if (result instanceof Promise) result.then(cleanUp, cleanUp);
    else cleanUp();
  }
}

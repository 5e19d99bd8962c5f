/** The loop of a peer in its own process: for each line on standard input, some steps, timed. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { looped } from '../looped.mjs';

/** `step` trains on the batch once and gives the loss, or a promise of it. */
export async function serve(step, version) {
  const { losses, sample, absent } = await looped(step).catch(({ message }) => ({
    // What a library cannot do is a result, too.
    absent: message.split('\n')[0].slice(0, 120),
  }));
  if (absent) {
    console.log(JSON.stringify({ absent }));
    process.exit();
  }
  console.log(JSON.stringify({ ready: true, losses, version }));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'stop') break;
    console.log(JSON.stringify(await sample()));
  }
  process.exit();
}

/** What the package file of a library says its version is. */
export async function versionOf(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const file = folders.map((folder) => join(folder, name, 'package.json')).find((path) => existsSync(path));
  return file ? JSON.parse(readFileSync(file, 'utf8')).version : 'unknown';
}

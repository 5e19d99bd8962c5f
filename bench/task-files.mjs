/** A task as files that a peer in another process, perhaps in another language, reads: task.json, and its numbers in task.bin. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tasks } from './tasks.mjs';

let root;

const written = new Map();

/** The folder of a task's files, written when first asked for; gone when the bench ends. */
export function taskFolder(name) {
  if (!written.has(name)) written.set(name, writeTask(name, tasks[name]()));
  return written.get(name);
}

/** Writes a task that is not among those with a name. */
export function writeTask(name, task) {
  if (!root) {
    root = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  }
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  const chunks = [];
  let offset = 0;
  const place = ({ values, ...rest }) => {
    const at = offset;
    chunks.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
    return { ...rest, offset: at };
  };
  const columns = Object.fromEntries(
    Object.entries(task.columns).map(([name, column]) => [name, place(column)]),
  );
  const described = { ...task, columns, weights: task.weights.map((weight) => place(weight)) };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(described));
  writeFileSync(join(folder, 'task.bin'), Buffer.concat(chunks));
  return folder;
}

/** The task that was written to `folder`, as tasks.mjs makes it. */
export function readTask(folder) {
  const task = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8'));
  const bytes = readFileSync(join(folder, 'task.bin'));
  const numbers = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const filled = ({ offset, ...rest }) => {
    const Numbers = rest.dtype === 'int32' ? Int32Array : Float32Array;
    const length = rest.shape.reduce((size, dim) => size * dim, 1);
    return { ...rest, values: new Numbers(numbers, offset, length) };
  };
  const columns = Object.fromEntries(
    Object.entries(task.columns).map(([name, column]) => [name, filled(column)]),
  );
  return { ...task, columns, weights: task.weights.map(filled) };
}

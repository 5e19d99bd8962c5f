/**
 * A process that saves: `writer.mjs KIND FOLDER FROM COUNT`, where KIND is `variables` or `checkpoints`. It says of each version
 * on standard output when it was announced, or what it was refused with. With KILL_AT=n it kills itself just before its
 * n-th call of the disk, with COUNT_CALLS it says how many there were.
 */
import { writeSync } from 'node:fs';
import { Checkpoints } from '../../dist/runtime/store/checkpoints.js';
import { nodeFileSystem } from '../../dist/runtime/store/folder/node-file-system.js';
import { saveVariables } from '../../dist/runtime/store/variables.js';

const [, , kind, folder, from, count] = process.argv;
const killAt = Number(process.env.KILL_AT ?? 0);
let calls = 0;

function counted() {
  if (++calls === killAt) process.kill(process.pid, 'SIGKILL');
}

/** Each method of an object, counted first. */
function counting(target) {
  return new Proxy(target, {
    get(object, name) {
      const value = object[name];
      if (typeof value !== 'function') return value;
      return async (...args) => {
        counted();
        const result = await value.apply(object, args);
        return typeof result?.close === 'function' ? counting(result) : result;
      };
    },
  });
}

const fs = counting(nodeFileSystem);
const values = (version, size) => Float32Array.from({ length: size }, (_, i) => version + i / size);
const weights = (version) =>
  new Map([['w', { dtype: 'float32', shape: [300], values: values(version, 300) }]]);
const nowhere = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 };

async function save(version, checkpoints) {
  if (!checkpoints) return saveVariables(weights(version), folder, nowhere, fs);
  const state = { version };
  const tensors = new Map([['weights', weights(version)]]);
  return checkpoints.write({ step: version, epoch: version, time: 0, state, tensors, program: 'program' });
}

const checkpoints = kind === 'checkpoints' ? await Checkpoints.open(folder, { keep: 2, fs }) : undefined;
for (let version = Number(from); version < Number(from) + Number(count); version++) {
  try {
    await save(version, checkpoints);
    writeSync(1, `announced ${version}\n`);
  } catch (error) {
    writeSync(1, `refused ${error.diagnostics?.[0]?.code ?? `untyped ${error.stack}`}\n`);
  }
}
await checkpoints?.close();
if (process.env.COUNT_CALLS) writeSync(1, `calls ${calls}\n`);

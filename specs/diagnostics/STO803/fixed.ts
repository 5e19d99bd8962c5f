import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from 'millrace/runtime';

const seen = { when: new Date(0), pattern: 'ab+c' };

export default async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-'));
  const checkpoints = await Checkpoints.open(directory);
  const state = { hooks: [seen] };
  await checkpoints
    .write({ step: 1, epoch: 0, time: Date.now(), state, tensors: new Map(), program: '' })
    .finally(() => checkpoints.close());
};

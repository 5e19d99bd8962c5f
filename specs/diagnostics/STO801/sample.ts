import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checkpoints } from 'millrace/runtime';

export default async () => {
  const directory = await mkdtemp(join(tmpdir(), 'run-'));
  const first = await Checkpoints.open(directory);
  const second = await Checkpoints.open(directory).finally(() => first.close());
  await second.close();
};

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globalVariablesInitializer, Session, variable } from 'millrace/session';

const saved = variable([1, 2, 3], { name: 'w' });
const w = variable([4, 5, 6], { name: 'w' });

export default async () => {
  const directory = await mkdtemp(join(tmpdir(), 'session-'));
  const first = new Session();
  await first.run(globalVariablesInitializer());
  await first.run(saved);
  await first.save(directory);
  const second = new Session();
  await second.run(globalVariablesInitializer());
  await second.run(w);
  await second.restore(directory);
};

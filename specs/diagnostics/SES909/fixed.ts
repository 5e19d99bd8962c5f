import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { globalVariablesInitializer, Session, variable } from 'millrace/session';

const w = variable(2, { name: 'w' });
const b = variable(1, { name: 'b' });

export default async () => {
  const session = new Session();
  await session.run(globalVariablesInitializer());
  await session.run([w, b]);
  await session.save(await mkdtemp(join(tmpdir(), 'session-')));
};

import { add } from 'millrace';
import { assign, globalVariablesInitializer, group, Session, variable } from 'millrace/session';

const w = variable(2, { name: 'w' });
const doubled = assign(w, add(w, w));
const raised = assign(w, add(w, 1));

export default async () => {
  const session = new Session();
  await session.run(globalVariablesInitializer());
  await session.run(group(doubled));
  return session.run(group(raised));
};

import { multiply } from 'millrace';
import { assign, globalVariablesInitializer, Session, variable } from 'millrace/session';

const w = variable(2, { name: 'w' });
export const y = multiply(w, 3);

export default async () => {
  const session = new Session();
  await session.run(globalVariablesInitializer());
  return session.run(assign(w, 1));
};

import { multiply } from 'millrace';
import { globalVariablesInitializer, placeholder, Session, variable } from 'millrace/session';

const w = variable(2, { name: 'w' });
const x = placeholder('float32', ['B'], { name: 'x' });
const y = multiply(w, x);

export default async () => {
  const session = new Session();
  await session.run(globalVariablesInitializer());
  return session.run(y, [[x, [[1], [2]]]]);
};

/** The session that those share who do not hand one around. */
import { Session } from './session.ts';

let current: Session | undefined;

/** The shared session: the one last set, else one on the default engine, made when it is first asked for. */
export function getSession(): Session {
  current ??= new Session();
  return current;
}

/** Makes a session the shared one; the one before is not closed. */
export function setSession(session: Session): void {
  current = session;
}

/** Scopes of names: what is made inside is called after them in messages and saved files. */
import { within } from '../../../../compiler/ir/site.ts';

/** Runs `body`; variables made in it are saved as `name/…`: `nameScope('hidden', () => dense(8)(x))`. */
export function nameScope<T>(name: string, body: () => T): T {
  return within({ owner: {}, name, kind: 'layer' }, body);
}

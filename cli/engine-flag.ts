/** The engine that a command line asks for. */
import type { EngineName } from '../runtime/index.ts';
import type { Given } from './command.ts';

export function engineFlag({ engine }: Given): { readonly engine?: EngineName } {
  return engine === 'wasm' || engine === 'tensorflow' || engine === 'reference' ? { engine } : {};
}

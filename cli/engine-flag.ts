/** The engine that a command line asks for. */
import type { Given } from './command.ts';

export function engineFlag({ engine }: Given): { readonly engine?: 'wasm' | 'reference' } {
  return engine === 'wasm' || engine === 'reference' ? { engine } : {};
}

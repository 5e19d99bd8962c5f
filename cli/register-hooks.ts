/** Hooks of Node's module loader that turn TypeScript files into JavaScript as they are imported. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { toJavaScript } from '../compiler/1-read/interpreter/to-javascript.ts';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';

interface Loaded {
  readonly format: string;
  readonly source?: string;
  readonly shortCircuit?: boolean;
}

/** Every `.ts` file is an ES module, as programs in Millrace are. */
export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:' || !/\.m?ts$/.test(pathname)) return next(url, context);
  const file = fileURLToPath(url);
  const { text, diagnostics } = toJavaScript(file, await readFile(file, 'utf8'));
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
  return { format: 'module', source: text, shortCircuit: true };
}

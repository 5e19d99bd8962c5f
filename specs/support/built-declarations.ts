/** Programs that specs check are read with the declarations in `dist/`, as users' are: those of the sources take twice as long. */
import { fileURLToPath } from 'node:url';
import { isBuilt } from '../../scripts/fresh-build.mjs';

const reader = fileURLToPath(new URL('../../compiler/1-read/interpreter/program.ts', import.meta.url));
const built = new URL('../../dist/', import.meta.url).href;
const id = '\0millrace-built-home';

/** Not while sources change, and not where they are newer than what is built. */
const isAsBuilt = process.argv.includes('run') && isBuilt();

/** A plugin of Vite: to the reader of programs, and to nothing else, Millrace lies in `dist/`. */
export const builtDeclarations = {
  name: 'millrace:built-declarations',
  enforce: 'pre' as const,
  resolveId: (specifier: string, importer?: string): string | undefined =>
    isAsBuilt && importer === reader && specifier.endsWith('/ir/home.ts') ? id : undefined,
  load: (asked: string): string | undefined =>
    asked === id ? `export const home = ${JSON.stringify(built)};` : undefined,
};

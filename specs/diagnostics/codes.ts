/** Every diagnostic code that is defined, by its name. */
import { join } from 'node:path';
import type { DiagnosticCode } from '../../compiler/diagnostics/diagnostic.ts';
import { filesUnder, root } from '../architecture/source-files.ts';

function isCode(value: unknown): value is DiagnosticCode {
  return typeof value === 'function' && 'code' in value && 'title' in value;
}

const families = await Promise.all(
  filesUnder('compiler/diagnostics', '.ts').map(
    async (path): Promise<Record<string, unknown>> => import(join(root, path)),
  ),
);

export const codes: ReadonlyMap<string, DiagnosticCode> = new Map(
  families
    .flatMap((family) => Object.values(family).filter(isCode))
    .map((each): [string, DiagnosticCode] => [each.code, each])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** What Node makes of a program: the same text, transpiled and run, for comparison with what was read. */
import { compileFunction } from 'node:vm';
import { ts } from 'ts-morph';

/** The exports of a TypeScript module. Its imports are taken from `modules`. */
export function runNatively(
  text: string,
  modules: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
  });
  const exports: Record<string, unknown> = {};
  const require = (name: string): unknown => modules[name];
  compileFunction(outputText, ['exports', 'require'])(exports, require);
  return exports;
}

/** The user's own tsconfig.json, as far as reading their files goes: how strict TypeScript is, and what aliases stand for. */
import { dirname } from 'node:path';
import { ts } from 'ts-morph';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { SRC123 } from '../../diagnostics/source.ts';

export interface UserConfig {
  /** Nothing where there is no tsconfig.json. */
  readonly options: ts.CompilerOptions;
  /** Why it could not be read. */
  readonly problem?: Diagnostic;
}

/**
 * What is taken over: how programs are judged and how names of modules are resolved. Where files go, which forms they are
 * emitted in and which of them belong to the project plays no part in reading one.
 */
const followed: readonly (keyof ts.CompilerOptions)[] = [
  'strict',
  'alwaysStrict',
  'noImplicitAny',
  'noImplicitThis',
  'strictBindCallApply',
  'strictBuiltinIteratorReturn',
  'strictFunctionTypes',
  'strictNullChecks',
  'strictPropertyInitialization',
  'useUnknownInCatchVariables',
  'exactOptionalPropertyTypes',
  'noFallthroughCasesInSwitch',
  'noImplicitOverride',
  'noImplicitReturns',
  'noPropertyAccessFromIndexSignature',
  'noUncheckedIndexedAccess',
  'noUnusedLocals',
  'noUnusedParameters',
  'allowUnreachableCode',
  'allowUnusedLabels',
  'erasableSyntaxOnly',
  'experimentalDecorators',
  'useDefineForClassFields',
  'baseUrl',
  'paths',
  // Where relative paths start, which TypeScript notes while it reads the file.
  'pathsBasePath',
];

/** The nearest one, in the file's folder or above it; what it extends is read as well. */
export function userConfigOf(file: string): UserConfig {
  const path = ts.findConfigFile(dirname(file), ts.sys.fileExists);
  if (path === undefined) return { options: {} };
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  if (error) return { options: {}, problem: unread(path, error) };
  // Which files there are is not asked: the folder may be large, and one file is read.
  const host = { ...ts.sys, readDirectory: () => [] };
  const { options, errors } = ts.parseJsonConfigFileContent(config, host, dirname(path));
  const problem = errors.find(({ code }) => code !== noInputs && code !== emptyFiles);
  const taken = Object.fromEntries(
    followed.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
  return { options: taken, ...(problem && { problem: unread(path, problem) }) };
}

const noInputs = 18003;
const emptyFiles = 18002;

function unread(path: string, { file, start = 0, messageText }: ts.Diagnostic): Diagnostic {
  const at = file?.getLineAndCharacterOfPosition(start);
  const [line, column] = at ? [at.line + 1, at.character + 1] : [1, 1];
  return SRC123({
    message: `tsconfig.json cannot be read: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    span: { file: file?.fileName ?? path, line, column, endLine: line, endColumn: column + 1 },
    expected: 'a configuration that tsc reads',
    hint: 'mend it: type errors follow it, and so do aliases of modules',
  });
}

/** The TypeScript program around a user's file: its project's options, its imports, the library's declarations. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ts } from 'ts-morph';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { home } from '../../ir/home.ts';
import { ambientFile, commonGlobals, looseGlobals } from './ambient.ts';
import type { Resolve } from './modules.ts';
import { programOver } from './program-over.ts';
import { userConfigOf } from './user-config.ts';

const library = fileURLToPath(new URL('./', home)).replaceAll('\\', '/');
const rooms = ['dsl', 'compiler', 'stdlib', 'laws', 'runtime', 'cli'].map((room) => `${library}${room}/`);
const isOurs = (path: string): boolean => rooms.some((room) => path.startsWith(room));

export interface UserProgram {
  readonly program: ts.Program;
  readonly entry: ts.SourceFile;
  /** The user's own files, the entry among them. */
  readonly files: readonly ts.SourceFile[];
  readonly resolve: Resolve;
  /** Whether it was opened without the types of Node, although they are there. */
  readonly isLean: boolean;
  /** Why the project's tsconfig.json could not be read. */
  readonly configProblem: Diagnostic | undefined;
}

/**
 * Undefined when the file cannot be read. The types of Node take longer to load than all else; `lean` leaves them out
 * for files that seem not to need them, with a few of its names instead. What is found wrong then may be for want of them.
 */
export function openProgram(path: string, lean: boolean): UserProgram | undefined {
  const file = resolve(path);
  const text = ts.sys.readFile(file);
  if (text === undefined) return undefined;
  const typeRoot = nodeTypes(file);
  const isLean = lean && typeRoot !== undefined && importsOwnOnly(text);
  const config = userConfigOf(file);
  const options = optionsFor(isLean ? undefined : typeRoot, config.options);
  const globals = isLean ? commonGlobals : commonGlobals + looseGlobals;
  const program = programOver(file, {
    options,
    texts: new Map(options.types?.length === 0 ? [[join(dirname(file), ambientFile), globals]] : []),
    isLibrary: (path) => isOurs(path) || path.includes('/node_modules/'),
  });
  const entry = program.getSourceFile(file);
  if (!entry) return undefined;
  const isUsers = (source: ts.SourceFile): boolean =>
    !source.isDeclarationFile &&
    !program.isSourceFileFromExternalLibrary(source) &&
    !program.isSourceFileDefaultLibrary(source) &&
    !isOurs(source.fileName);
  const cache = ts.createModuleResolutionCache(dirname(file), (name) => name, options);
  const files = program.getSourceFiles().filter(isUsers);
  if (isLean && !files.every((source) => importsOwnOnly(source.text))) return openProgram(path, false);
  return {
    program,
    entry,
    files,
    isLean,
    configProblem: config.problem,
    resolve(specifier, from) {
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, ts.sys, cache);
      const source = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      return source && isUsers(source) ? source : undefined;
    },
  };
}

/** The folder of installed types that Node's are in. */
function nodeTypes(file: string): string | undefined {
  return ancestors(file)
    .map((folder) => join(folder, 'node_modules/@types'))
    .find((folder) => existsSync(join(folder, 'node')));
}

/** Whether a file imports nothing but the user's own files and Millrace. */
function importsOwnOnly(text: string): boolean {
  const { importedFiles } = ts.preProcessFile(text, true, false);
  return importedFiles.every(({ fileName }) => /^\.{0,2}\/|^millrace(\/|$)/.test(fileName));
}

/** Without a tsconfig.json all is as strict as `strict` is; what reading needs stands whatever the user's says. */
function optionsFor(typeRoot: string | undefined, users: ts.CompilerOptions): ts.CompilerOptions {
  return {
    strict: true,
    ...users,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    noEmit: true,
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    types: typeRoot ? ['node'] : [],
    ...(typeRoot && { typeRoots: [typeRoot] }),
    paths: {
      ...users.paths,
      millrace: [declarations('stdlib')],
      'millrace/op': [declarations('stdlib', 'op')],
      'millrace/laws': [declarations('laws')],
      'millrace/runtime': [declarations('runtime')],
      'millrace/sources': [declarations('runtime/sources')],
      'millrace/session': [declarations('runtime/faces/session')],
      'millrace/compiler': [declarations('compiler')],
    },
  };
}

function declarations(room: string, entry = 'index'): string {
  const built = join(library, room, `${entry}.d.ts`);
  return existsSync(built) ? built : join(library, room, `${entry}.ts`);
}

function ancestors(file: string): string[] {
  const folders = [dirname(file)];
  for (let folder = dirname(file); folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

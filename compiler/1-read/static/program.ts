/** The TypeScript program around a user's file: our own options, the file's imports, the library's declarations. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project, ts } from 'ts-morph';
import { ambientFile, ambientText } from './ambient.ts';
import type { Resolve } from './modules.ts';

/** Where Millrace itself lies: the sources, or what was built from them. */
const home = fileURLToPath(new URL('../../../', import.meta.url)).replaceAll('\\', '/');
const rooms = ['dsl', 'compiler', 'stdlib', 'runtime', 'cli'].map((room) => `${home}${room}/`);

export interface UserProgram {
  readonly program: ts.Program;
  readonly entry: ts.SourceFile;
  /** The user's own files, the entry among them. */
  readonly files: readonly ts.SourceFile[];
  readonly resolve: Resolve;
}

/** Undefined when the file cannot be read. */
export function openProgram(path: string): UserProgram | undefined {
  const file = resolve(path);
  if (!existsSync(file)) return undefined;
  const options = optionsFor(file);
  const project = new Project({
    compilerOptions: options,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
  });
  if (options.types?.length === 0) project.createSourceFile(join(dirname(file), ambientFile), ambientText);
  project.addSourceFileAtPath(file);
  const program = project.getProgram().compilerObject;
  const entry = program.getSourceFile(file);
  if (!entry) return undefined;
  const isUsers = (source: ts.SourceFile): boolean =>
    !source.isDeclarationFile &&
    !program.isSourceFileFromExternalLibrary(source) &&
    !program.isSourceFileDefaultLibrary(source) &&
    !rooms.some((room) => source.fileName.startsWith(room));
  const cache = ts.createModuleResolutionCache(dirname(file), (name) => name, options);
  return {
    program,
    entry,
    files: program.getSourceFiles().filter(isUsers),
    resolve(specifier, from) {
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, ts.sys, cache);
      const source = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      return source && isUsers(source) ? source : undefined;
    },
  };
}

function optionsFor(file: string): ts.CompilerOptions {
  const typeRoot = ancestors(file)
    .map((folder) => join(folder, 'node_modules/@types'))
    .find((folder) => existsSync(join(folder, 'node')));
  return {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    skipDefaultLibCheck: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    esModuleInterop: true,
    types: typeRoot ? ['node'] : [],
    ...(typeRoot && { typeRoots: [typeRoot] }),
    paths: {
      millrace: [declarations('stdlib')],
      'millrace/runtime': [declarations('runtime')],
      'millrace/compiler': [declarations('compiler')],
    },
  };
}

function declarations(room: string): string {
  const built = join(home, room, 'index.d.ts');
  return existsSync(built) ? built : join(home, room, 'index.ts');
}

function ancestors(file: string): string[] {
  const folders = [dirname(file)];
  for (let folder = dirname(file); folder !== dirname(folder); ) {
    folder = dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** A TypeScript program whose libraries are parsed once in a process, however many programs are opened on them. */
import { statSync } from 'node:fs';
import { Project, ts } from 'ts-morph';

/** Where ts-morph keeps TypeScript's own declarations, on a disk that is nowhere but in memory. */
const standardFolder = '/node_modules/typescript/lib';
const standard = new Project({ useInMemoryFileSystem: true }).getModuleResolutionHost();

interface Parsed {
  readonly source: ts.SourceFile;
  /** When the file was written, and how long it is: one that has changed is parsed again. */
  readonly stamp: string;
}

const libraries = new Map<string, Parsed>();

export interface Given {
  readonly options: ts.CompilerOptions;
  /** Files that lie on no disk, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether a file is of a library, which many programs use and none changes. */
  readonly isLibrary: (path: string) => boolean;
}

/** Of a file and all that it imports. */
export function programOver(file: string, { options, texts, isLibrary }: Given): ts.Program {
  const host = ts.createCompilerHost(options);
  // As tsc does: of comments only those that may hold errors.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseForTypeErrors;
  const { readFile, fileExists } = host;
  const parse = host.getSourceFile;
  const textOf = (path: string): string | undefined =>
    texts.get(path) ?? (path.startsWith(standardFolder) ? standard.readFile?.(path) : undefined);
  host.getDefaultLibLocation = () => standardFolder;
  host.getDefaultLibFileName = () => `${standardFolder}/${ts.getDefaultLibFileName(options)}`;
  host.readFile = (path) => textOf(path) ?? readFile(path);
  host.fileExists = (path) => textOf(path) !== undefined || fileExists(path);
  host.getSourceFile = (path, settings, onError) => {
    const isStandard = path.startsWith(standardFolder);
    if (!isStandard && !isLibrary(path)) return parse(path, settings, onError);
    const status = isStandard ? undefined : statSync(path, { throwIfNoEntry: false });
    const stamp = `${status?.mtimeMs} ${status?.size}`;
    const before = libraries.get(path);
    if (before?.stamp === stamp) return before.source;
    const source = parse(path, settings, onError);
    if (source) libraries.set(path, { source, stamp });
    return source;
  };
  return ts.createProgram([file, ...texts.keys()], options, host);
}

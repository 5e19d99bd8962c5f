/** Reads a user's TypeScript file: its exports as values, without running it, and everything that is wrong with it. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { HostReference } from '../../../dsl/host-reference.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { LNT904 } from '../../diagnostics/lint.ts';
import { SRC103, SRC113 } from '../../diagnostics/source.ts';
import { problemsOf } from '../../ir/node.ts';
import type { Span } from '../../ir/span.ts';
import { topOf } from '../../ir/span.ts';
import type { AnyPipeline } from '../reader/trace.ts';
import { isPipeline } from '../reader/trace.ts';
import { Broken } from './expressions/evaluate.ts';
import { isOverflow, Modules } from './modules.ts';
import { spanOf } from './place.ts';
import type { UserProgram } from './program.ts';
import { openProgram } from './program.ts';
import { World } from './reading-context.ts';
import { TypeErrors } from './type-errors.ts';

export interface ReadOptions {
  /** The modules whose functions are called while reading, by specifier: `{ millrace: namespace }`. */
  readonly modules: Readonly<Record<string, object>>;
}

export interface StaticReading {
  readonly file: string;
  /** What the file exports; a value of the run is a HostReference, one that could not be read is absent. */
  readonly exports: ReadonlyMap<string, unknown>;
  readonly pipelines: ReadonlyMap<string, AnyPipeline>;
  /** Where each export is declared. */
  readonly places: ReadonlyMap<string, Span>;
  readonly diagnostics: readonly Diagnostic[];
  /** Of those, the errors that TypeScript reports, each with the innermost call around it. */
  readonly typeErrors: ReadonlyMap<Diagnostic, Span>;
  /** Errors of TypeScript of which something better is known; grows while the pipelines are read. */
  readonly withdrawn: ReadonlySet<Diagnostic>;
  /** The text of each of the user's files, by path. */
  readonly sources: ReadonlyMap<string, string>;
  /** The values of the run that were met, and where they come from. */
  readonly hostReferences: ReadonlyMap<HostReference, Span>;
}

/** Nothing of the user's is run. Functions of the given modules are called, with values that were read. */
export function readStatically(path: string, { modules: libraries }: ReadOptions): StaticReading {
  const file = resolve(path);
  let checked: ReturnType<typeof openChecked>;
  try {
    checked = openChecked(file, true);
  } catch (error) {
    // TypeScript itself walks a file by calls that nest as the file does.
    if (!isOverflow(error)) throw error;
    const message = `${file} nests too deeply to be read`;
    return unreadable(
      file,
      SRC113({ message, span: topOf(file), hint: 'give parts of it names of their own' }),
    );
  }
  if (!checked) return unreadable(file, notTypeScript(file));
  const { opened, typeErrors } = checked;
  const { program, entry, files } = opened;
  const world = new World(program.getTypeChecker(), typeErrors);
  const modules = new Modules(world, opened.resolve, libraries);
  const exports = new Map<string, unknown>();
  const pipelines = new Map<string, AnyPipeline>();
  const places = new Map<string, Span>();
  for (const [name, binding] of modules.load(entry)) {
    if (!binding.ready || binding.value instanceof Broken) continue;
    exports.set(name, binding.value);
    if (isPipeline(binding.value)) pipelines.set(name, binding.value);
    const place = modules.places.get(binding);
    if (place) places.set(name, spanOf(place));
  }
  return {
    file,
    exports,
    pipelines,
    places,
    // Tensors of modules belong to no pipeline that would be checked: graphs that are run by hand.
    diagnostics: [
      ...new Set([
        ...(opened.configProblem ? [opened.configProblem] : []),
        ...typeErrors.diagnostics,
        ...modules.diagnostics,
        ...problemsOf(...world.untyped),
        ...hidden(world, file, pipelines),
      ]),
    ],
    typeErrors: typeErrors.calls,
    withdrawn: typeErrors.withdrawn,
    sources: new Map(files.map((source) => [source.fileName, source.text])),
    hostReferences: world.hostReferences,
  };
}

/** Of a file that exports no pipeline: those that it makes all the same, which nobody can check or train by name. */
function hidden(world: World, file: string, exported: ReadonlyMap<string, AnyPipeline>): Diagnostic[] {
  if (exported.size > 0) return [];
  return [...world.pipelines]
    .filter(({ span }) => span.file === file)
    .map(({ span }) =>
      LNT904({
        message: 'this pipeline is not exported by a name, and is not checked',
        span: { ...span, endLine: span.line, endColumn: span.column + 'pipeline'.length },
        hint: 'export it by itself: export const name = pipeline({ … })',
      }),
    );
}

/** Opens a file with what TypeScript finds wrong in it; only a program with all types may find fault. */
function openChecked(
  file: string,
  lean: boolean,
): { readonly opened: UserProgram; readonly typeErrors: TypeErrors } | undefined {
  const opened = openProgram(file, lean);
  if (!opened) return undefined;
  const typeErrors = new TypeErrors(opened.program, opened.files);
  return opened.isLean && typeErrors.diagnostics.length > 0
    ? openChecked(file, false)
    : { opened, typeErrors };
}

function unreadable(file: string, why: Diagnostic): StaticReading {
  return {
    file,
    exports: new Map(),
    pipelines: new Map(),
    places: new Map(),
    diagnostics: [why],
    typeErrors: new Map(),
    withdrawn: new Set(),
    sources: new Map(),
    hostReferences: new Map(),
  };
}

function notTypeScript(file: string): Diagnostic {
  const span = topOf(file);
  if (!existsSync(file)) return SRC103({ message: `${file} cannot be read`, span, hint: 'check the path' });
  return SRC103({
    message: `${file} is not TypeScript`,
    span,
    expected: 'a file that ends in .ts or .mts',
    received: basename(file),
    hint: 'node runs JavaScript as it is; what is to be read without running it must have types',
  });
}

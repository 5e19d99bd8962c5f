/** `check`: reads a TypeScript file and compiles all its pipelines, without running anything of the user's. */
import type { AnyPipeline } from '../dsl/pipeline.ts';
import { readTwice } from './1-read/reader/read-twice.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { DiagnosticError } from './diagnostics/diagnostic.ts';
import type { Phases } from './phases.ts';
import { phases } from './phases.ts';

export interface CheckedFile {
  readonly file: string;
  /** Each pipeline that the file exports, by name. */
  readonly pipelines: ReadonlyMap<
    string,
    { readonly value: AnyPipeline; readonly phases: Phases | undefined }
  >;
  /** Everything that is wrong or worth a remark, each cause once, in the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of each of the user's files, by path: what a renderer needs. */
  readonly sources: ReadonlyMap<string, string>;
  /** Whether the datasets hold values that exist only when the program runs. */
  readonly hostReferences: boolean;
}

export async function check(path: string): Promise<CheckedFile> {
  // Loaded when first needed: whoever only traces pipelines never pays for the TypeScript compiler.
  const [{ readStatically }, { oneCause }, vocabulary, authoring, graphs] = await Promise.all([
    import('./1-read/interpreter/read-statically.ts'),
    import('./1-read/interpreter/one-cause.ts'),
    import('millrace'),
    import('millrace/op'),
    import('../runtime/faces/session/graph/index.ts'),
  ]);
  const modules = { millrace: vocabulary, 'millrace/op': authoring, 'millrace/session': graphs };
  const reading = readStatically(path, { modules });
  const diagnostics = [...reading.diagnostics];
  const pipelines = new Map<string, { value: AnyPipeline; phases: Phases | undefined }>();
  for (const [name, value] of reading.pipelines) {
    const compiled = attempt(value, name, diagnostics);
    diagnostics.push(...(compiled?.diagnostics ?? []));
    pipelines.set(name, { value, phases: compiled });
  }
  return {
    file: reading.file,
    pipelines,
    diagnostics: oneCause(
      diagnostics.filter((diagnostic) => !reading.withdrawn.has(diagnostic)),
      reading.typeErrors,
    ),
    sources: reading.sources,
    hostReferences: reading.hostReferences.size > 0,
  };
}

function attempt(value: AnyPipeline, name: string, diagnostics: Diagnostic[]): Phases | undefined {
  try {
    const compiled = phases(value, { name });
    // What has errors is told those first.
    const impure = compiled.checked && readTwice(value, compiled.reading);
    if (!impure) return compiled;
    const { checked, ...refused } = compiled;
    return { ...refused, diagnostics: [...compiled.diagnostics, impure] };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    diagnostics.push(...error.diagnostics);
    return undefined;
  }
}

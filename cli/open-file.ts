/** Checks a file and finds the pipeline that is meant. */
import type { CheckedFile } from '../compiler/check-file.ts';
import { check } from '../compiler/check-file.ts';
import type { Compiled } from '../compiler/compile.ts';
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../compiler/diagnostics/nearest.ts';
import { SRC120, SRC121 } from '../compiler/diagnostics/source.ts';
import { beginningOf, topOf } from '../compiler/ir/span.ts';
import type { Phases } from '../compiler/phases.ts';
import type { AnyPipeline } from '../dsl/pipeline.ts';
import type { ExitCode } from './exit-code.ts';

export interface Chosen {
  readonly file: CheckedFile;
  readonly name: string;
  readonly pipeline: AnyPipeline;
  readonly phases: Phases;
  /** What was checked, ready to be trained. */
  readonly compiled: Compiled;
}

/** What stands in the way of going on, and what to tell the shell. */
export class Refused {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  readonly exitCode: ExitCode;

  constructor(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, exitCode: ExitCode) {
    this.diagnostics = diagnostics;
    this.sources = sources;
    this.exitCode = exitCode;
  }
}

/** The pipeline called `wanted`, or the only one of the file; refused when the file has errors. */
export async function openPipeline(path: string, wanted: string | undefined): Promise<Chosen | Refused> {
  const file = await check(path);
  const errors = file.diagnostics.filter(({ severity }) => severity === 'error');
  const refuse = (diagnostics: readonly Diagnostic[], exitCode: ExitCode): Refused =>
    new Refused(diagnostics, file.sources, exitCode);
  const names = [...file.pipelines.keys()];
  const name = wanted ?? names[0];
  if (wanted === undefined && names.length > 1) return refuse([several(file, names)], 2);
  // Errors come before a missing export: they may be why it is missing.
  if (errors.length > 0) return refuse(errors, 1);
  const found = name === undefined ? undefined : file.pipelines.get(name);
  if (name === undefined || !found)
    return refuse([notThere(file.file, names, wanted)], names.length > 0 ? 2 : 1);
  if (!found.phases?.checked) throw new Error(`internal: ${name} has no errors and no programs`);
  const { phases } = found;
  return { file, name, pipeline: found.value, phases, compiled: found.phases.checked.compiled };
}

function notThere(file: string, names: readonly string[], wanted: string | undefined): Diagnostic {
  const meant = wanted === undefined ? undefined : nearest(wanted, names);
  return SRC120({
    message: `the file exports no pipeline${wanted === undefined ? '' : ` called ${wanted}`}`,
    span: topOf(file),
    ...(names.length > 0 && { expected: `one of ${names.join(', ')}` }),
    hint:
      meant === undefined
        ? 'export it by name: export const name = pipeline({ … })'
        : `did you mean ${meant}?`,
  });
}

function several({ pipelines }: CheckedFile, names: readonly string[]): Diagnostic {
  const [first, ...others] = names.map((name) => ({
    span: beginningOf(pipelines.get(name)!.value.span, 'pipeline'.length),
    text: name,
  }));
  return SRC121({
    message: `the file exports ${names.length} pipelines: ${names.join(', ')}`,
    span: first!.span,
    label: first!.text,
    labels: others,
    hint: `choose one: --pipeline ${names[0]}`,
  });
}

/** `check` for a file: reads it statically and runs each pipeline that it exports through all phases. */
import { oneCause } from './1-read/static/one-cause.ts';
import type { ReadOptions, StaticReading } from './1-read/static/read-statically.ts';
import { readStatically } from './1-read/static/read-statically.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { DiagnosticError } from './diagnostics/diagnostic.ts';
import type { Phases } from './phases.ts';
import { phases } from './phases.ts';

export interface CheckedFile {
  readonly reading: StaticReading;
  /** What each phase made of each exported pipeline; absent for pipelines that are refused outright. */
  readonly pipelines: ReadonlyMap<string, Phases>;
  /** Everything that is wrong, each cause once, in the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Nothing of the user's is run. `only` names one pipeline, to leave the others alone. */
export function checkFile(path: string, options: ReadOptions, only?: string): CheckedFile {
  const reading = readStatically(path, options);
  const pipelines = new Map<string, Phases>();
  const found = [...reading.diagnostics];
  for (const [name, pipeline] of reading.pipelines) {
    if (only !== undefined && name !== only) continue;
    try {
      const result = phases(pipeline, { name });
      pipelines.set(name, result);
      found.push(...result.diagnostics);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      found.push(...error.diagnostics);
    }
  }
  return { reading, pipelines, diagnostics: oneCause(found, reading.typeErrors) };
}

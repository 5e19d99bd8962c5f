/** `compile`: a pipeline value to what the runtime runs. */
import type { AnyPipeline } from './1-read/reader/trace.ts';
import { DiagnosticError } from './diagnostics/diagnostic.ts';
import type { Module } from './module.ts';
import type { CompileOptions } from './phases.ts';
import { phases } from './phases.ts';
import type { TrainingContract } from './programs/contract.ts';

/** The programs of a pipeline, and what the training loop needs to know of them. Plans are made when an engine asks. */
export interface Compiled {
  readonly module: Module;
  readonly contract: TrainingContract;
}

/** Compiles a pipeline; throws a DiagnosticError with all that is wrong. */
export function compile(pipeline: AnyPipeline, options: CompileOptions = {}): Compiled {
  const { diagnostics, checked } = phases(pipeline, options);
  if (!checked) throw new DiagnosticError(diagnostics);
  return checked.compiled;
}

/** What a run is made of, and what it leaves behind. */
import type { Compiled } from '../../compiler/compile.ts';
import type { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/ir/span.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { ChosenEngine } from '../engines/choose.ts';
import type { Evaluation, TerminalEvent } from '../events/event.ts';
import type { Hook } from '../hooks/define-hook.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';
import type { Settings } from './options.ts';
import type { RunState } from './run-state.ts';

/** All that a run needs to begin. */
export interface RunParts {
  /** Whether this process has trained the pipeline before. */
  readonly again: boolean;
  readonly name: string;
  /** Where the pipeline stands. */
  readonly span: Span;
  readonly engine: ChosenEngine;
  readonly compile: () => Compiled;
  readonly data: Batches;
  readonly validation: Batches | undefined;
  readonly metrics: readonly string[];
  readonly hooks: readonly Hook[];
  readonly settings: Settings;
}

/** How a run ended, and what it leaves behind. */
export interface Ending {
  readonly event: TerminalEvent;
  readonly loaded: LoadedPipeline | undefined;
  readonly state: RunState;
  /** Of the last epoch that ended, or over what was seen of the one that was broken off. */
  readonly evaluation: Evaluation | undefined;
  /** What it failed of. */
  readonly failure: DiagnosticError | undefined;
}

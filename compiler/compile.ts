/** `compile`: a pipeline value to what the runtime runs. */
import type { AnyPipeline } from './1-read/reader/trace.ts';
import { emit } from './6-emit/wasm/index.ts';
import type { Compiled, CompiledProgram } from './compiled.ts';
import { DiagnosticError } from './diagnostics/diagnostic.ts';
import type { ProgramName } from './ir/graph.ts';
import { programNames } from './ir/graph.ts';
import type { CompileOptions } from './phases.ts';
import { phases } from './phases.ts';

/** Compiles a pipeline; throws a DiagnosticError with all that is wrong. */
export function compile(pipeline: AnyPipeline, options: CompileOptions = {}): Compiled {
  const { diagnostics, reading, checked } = phases(pipeline, options);
  if (!checked) throw new DiagnosticError(diagnostics);
  const programs = Object.fromEntries(
    programNames.map((name): [ProgramName, CompiledProgram] => {
      const plan = checked.plan[name];
      let module: Uint8Array | undefined;
      return [name, { graph: checked.simplify[name], plan, module: () => (module ??= emit(plan)) }];
    }),
  ) as Record<ProgramName, CompiledProgram>;
  return {
    name: reading.name,
    schema: reading.schema,
    programs,
    state: checked.state,
    metrics: reading.metrics.map(({ name }) => name),
    outputs: reading.outputs.flatMap(({ name }) =>
      name === 'outputs' ? [] : [name.slice('outputs.'.length)],
    ),
  };
}

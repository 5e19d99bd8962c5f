/** `assemble`: the programs of a pipeline, read back from text, to what the runtime runs. No source is needed. */
import { plan } from './5-plan/index.ts';
import { emit } from './6-emit/wasm/index.ts';
import type { Compiled, CompiledProgram } from './compiled.ts';
import type { Graph, ProgramName } from './ir/graph.ts';
import { programNames } from './ir/graph.ts';
import type { Vocabulary } from './op/vocabulary.ts';

export interface AssembleParts extends Omit<Compiled, 'programs'> {
  /** Simplified graphs, as they were printed. */
  readonly graphs: Readonly<Record<ProgramName, Graph>>;
  /** The largest batch. */
  readonly capacity: number;
  readonly vocabulary: Vocabulary;
}

export function assemble({ graphs, capacity, vocabulary, ...border }: AssembleParts): Compiled {
  const { state } = border;
  const programs = Object.fromEntries(
    programNames.map((name): [ProgramName, CompiledProgram] => {
      const graph = graphs[name];
      const planned = plan(graph, { capacity, state, roles: vocabulary.roles });
      let module: Uint8Array | undefined;
      return [name, { graph, plan: planned, module: () => (module ??= emit(planned)) }];
    }),
  ) as Record<ProgramName, CompiledProgram>;
  return { ...border, programs };
}

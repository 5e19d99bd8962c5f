/** `compileRun`: a run of the low level to a module of one program, at the sizes of what is fed. */
import { simplify } from './4-simplify/simplify.ts';
import { leafOf } from './ir/facts.ts';
import type { Node } from './ir/node.ts';
import type { Sizes } from './ir/symbols.ts';
import { sound } from './ir/verify.ts';
import type { Module, StateEntry } from './module.ts';
import { programOf } from './module.ts';
import type { Vocabulary } from './op/vocabulary.ts';
import { atSizes } from './programs/at-sizes.ts';
import type { RunGraph } from './programs/run-graph.ts';

export interface CompiledRun {
  readonly module: Module;
  /** The only program of the module. */
  readonly program: string;
}

/** Without errors: what may be wrong with a run was asked of the graph before. `idOf` is what the graph was made with. */
export function compileRun(
  { graph, read, written }: RunGraph,
  sizes: Sizes,
  vocabulary: Vocabulary,
  idOf: (leaf: Node) => string,
): CompiledRun {
  const { name, program } = graph;
  const simple = sound(simplify(sound(atSizes(graph, sizes)), vocabulary));
  const state = [...new Set([...read, ...written])].map((leaf): StateEntry => {
    const id = idOf(leaf);
    // Held values have known sizes.
    const shape = leaf.shape as readonly number[];
    return {
      id,
      label: id,
      dtype: leaf.dtype,
      shape,
      role: leafOf(leaf)?.is === 'parameter' ? 'param' : 'state',
    };
  });
  const programs = new Map([[program, programOf(simple)]]);
  return { program, module: { name, capacity: 1, programs, state, vocabulary } };
}

/** The compiler's table of contents: a pipeline through every phase, each phase's result at hand. */
import { paddedLengths } from '../dsl/dataset.ts';
import { readGraph } from './1-read/reader/read-graph.ts';
import type { AnyPipeline } from './1-read/reader/trace.ts';
import { trace } from './1-read/reader/trace.ts';
import type { Reading } from './1-read/reading.ts';
import { check } from './2-check/check.ts';
import type { Checked } from './2-check/checked.ts';
import { checkedGraph } from './2-check/checked-graph.ts';
import { simplify } from './4-simplify/simplify.ts';
import { lints } from './analyse/lints.ts';
import type { Compiled } from './compile.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { Graph } from './ir/graph.ts';
import { rootsOf } from './ir/graph.ts';
import { fit, programNames } from './ir/program-names.ts';
import { sound } from './ir/verify.ts';
import { nodesUnder, withInitials } from './ir/walk.ts';
import { lengthsIn } from './lengths.ts';
import { programOf } from './module.ts';
import { withUsed } from './op/vocabulary.ts';
import { trainingProgramsOf } from './programs/training.ts';

export interface CompileOptions {
  /** What the pipeline is called; default `pipeline`. */
  readonly name?: string | undefined;
  /** Rewrite to cheaper equals; default true. */
  readonly simplify?: boolean | undefined;
}

/** Graphs by the name of their program. */
export type Graphs = ReadonlyMap<string, Graph>;

/** What each phase gives, program by program. Later phases are absent when there are errors. */
export interface Phases {
  readonly diagnostics: readonly Diagnostic[];
  readonly reading: Reading;
  readonly read: Graphs;
  readonly checked?: {
    readonly check: Graphs;
    readonly differentiate: Graphs;
    readonly simplify: Graphs;
    readonly compiled: Compiled;
  };
}

/** Runs a pipeline value through all phases up to what engines take. Problems are collected, not thrown. */
export function phases(pipeline: AnyPipeline, options: CompileOptions = {}): Phases {
  const reading = trace(pipeline, options.name ?? 'pipeline');
  const result = check(reading);
  const fits = (result.checked?.fits.length ?? 0) > 0;
  const own = reading.programs.map(({ name }) => name);
  const names = [...programNames, ...(fits ? [fit] : []), ...own];
  const read = new Map(names.map((program) => [program, readGraph(reading, program)]));
  if (!result.checked) return { diagnostics: result.diagnostics, reading, read };
  const found = [...result.diagnostics, ...lints(reading)];
  return { reading, read, ...afterCheck(result.checked, lengthsOf(reading), found, options) };
}

function afterCheck(
  checked: Checked,
  sizes: readonly number[],
  found: readonly Diagnostic[],
  options: CompileOptions,
): Pick<Phases, 'diagnostics' | 'checked'> {
  const { graphs, state, contract, ...programs } = trainingProgramsOf(checked);
  const diagnostics = [...found, ...programs.diagnostics];
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  const { name, vocabulary, capacity } = checked;
  const simple = each(graphs, (graph) =>
    sound(options.simplify === false ? graph : simplify(sound(graph), vocabulary)),
  );
  const used = [...simple.values()].flatMap((graph) => nodesUnder(rootsOf(graph), withInitials));
  const language = withUsed(
    vocabulary,
    used.map(({ card }) => card),
  );
  const lengths = lengthsIn(simple.keys(), contract, sizes);
  return {
    diagnostics,
    checked: {
      check: each(graphs, ({ program }) => checkedGraph(checked, program)),
      differentiate: graphs,
      simplify: simple,
      compiled: {
        contract,
        module: {
          ...{ name, capacity, vocabulary: language, state, programs: each(simple, programOf) },
          ...(lengths && { lengths }),
        },
      },
    },
  };
}

/** Those of all data and programs; programs of the user's own are padded as the training data are. */
function lengthsOf({ data, validation, programs }: Reading): readonly number[] {
  const sizes = [
    ...paddedLengths(data.rows.schema, data.lengths),
    ...(validation ? paddedLengths(validation.rows.schema, validation.lengths) : []),
    ...programs.flatMap(({ schema }) => paddedLengths(schema, data.lengths)),
  ];
  return [...new Set(sizes)].sort((a, b) => a - b);
}

function each<T>(graphs: Graphs, make: (graph: Graph) => T): ReadonlyMap<string, T> {
  return new Map([...graphs].map(([program, graph]) => [program, make(graph)]));
}

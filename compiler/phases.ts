/** The compiler's table of contents: a pipeline through every phase, each phase's result at hand. */

import { readGraph } from './1-read/reader/read-graph.ts';
import type { AnyPipeline } from './1-read/reader/trace.ts';
import { trace } from './1-read/reader/trace.ts';
import type { Reading } from './1-read/reading.ts';
import type { Checked } from './2-check/check.ts';
import { check } from './2-check/check.ts';
import { checkedGraph } from './2-check/checked-graph.ts';
import { differentiate } from './3-differentiate/differentiate.ts';
import { simplify } from './4-simplify/simplify.ts';
import { plan } from './5-plan/index.ts';
import type { Plan } from './5-plan/plan.ts';
import { lints } from './analyse/lints.ts';
import type { StateEntry } from './compiled.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { DiagnosticError } from './diagnostics/diagnostic.ts';
import type { Graph, ProgramName } from './ir/graph.ts';
import { programNames } from './ir/graph.ts';
import { verify } from './ir/verify.ts';

export interface CompileOptions {
  /** What the pipeline is called; default `pipeline`. */
  readonly name?: string;
  /** Rewrite to cheaper equals; default true. */
  readonly simplify?: boolean;
  /** Several ops in a kernel; default true. */
  readonly fuse?: boolean;
  /** Share the arena between values that are not needed together; default true. */
  readonly reuse?: boolean;
}

/** What each phase gives, program by program. Later phases are absent when there are errors. */
export interface Phases {
  readonly diagnostics: readonly Diagnostic[];
  readonly reading: Reading;
  readonly read: Programs<Graph>;
  readonly checked?: {
    readonly check: Programs<Graph>;
    readonly differentiate: Programs<Graph>;
    readonly simplify: Programs<Graph>;
    readonly plan: Programs<Plan>;
    readonly state: readonly StateEntry[];
  };
}

type Programs<T> = Readonly<Record<ProgramName, T>>;

/** Runs a pipeline value through all phases up to the plan. Problems are collected, not thrown. */
export function phases(pipeline: AnyPipeline, options: CompileOptions = {}): Phases {
  const reading = trace(pipeline, options.name ?? 'pipeline');
  const result = check(reading);
  const read = each((program) => readGraph(reading, program));
  if (!result.checked) return { diagnostics: result.diagnostics, reading, read };
  return {
    reading,
    read,
    ...afterCheck(result.checked, [...result.diagnostics, ...lints(reading)], options),
  };
}

function afterCheck(
  checked: Checked,
  found: readonly Diagnostic[],
  options: CompileOptions,
): Pick<Phases, 'diagnostics' | 'checked'> {
  const programs = differentiate(checked);
  const diagnostics = [...found, ...programs.diagnostics];
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  const { vocabulary, capacity } = checked;
  const { state } = programs;
  const simple = each((program) => {
    const graph = programs.graphs[program];
    return sound(options.simplify === false ? graph : simplify(sound(graph), vocabulary));
  });
  const { fuse, reuse } = options;
  const plans = each((program) =>
    plan(simple[program], {
      capacity,
      state,
      roles: vocabulary.roles,
      ...(fuse !== undefined && { fuse }),
      ...(reuse !== undefined && { reuse }),
    }),
  );
  return {
    diagnostics,
    checked: {
      state,
      check: each((program) => checkedGraph(checked, program)),
      differentiate: programs.graphs,
      simplify: simple,
      plan: plans,
    },
  };
}

function each<T>(make: (program: ProgramName) => T): Programs<T> {
  return Object.fromEntries(programNames.map((program) => [program, make(program)])) as Record<
    ProgramName,
    T
  >;
}

/** A pass that breaks a graph is a fault of ours, found where it happens. */
function sound(graph: Graph): Graph {
  const broken = verify(graph);
  if (broken.length > 0) throw new Error(`internal: ${new DiagnosticError(broken).message}`);
  return graph;
}

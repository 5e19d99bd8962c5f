/** `millrace graph FILE [--program …] [--after …] [--format text|json|dot]` */
import { planProgram } from '../../compiler/5-plan/plan-program.ts';
import { printPlan } from '../../compiler/5-plan/print-plan.ts';
import { emit } from '../../compiler/6-emit/wasm/index.ts';
import { fileName } from '../../compiler/diagnostics/files.ts';
import { dot } from '../../compiler/ir/dot.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { graphJson } from '../../compiler/ir/graph-json.ts';
import { print as printGraph } from '../../compiler/ir/print.ts';
import type { Phases } from '../../compiler/phases.ts';
import type { Command } from '../command.ts';
import { textFlag } from '../command.ts';
import { moduleText } from '../module-text.ts';
import { openPipeline, Refused } from '../open-file.ts';
import { print } from '../output.ts';
import { reportRefused } from '../report.ts';
import { UsageError } from '../usage-error.ts';

export const graph: Command['run'] = async ({ files: [file], flags }) => {
  const program = textFlag(flags, 'program') ?? 'step';
  const after = textFlag(flags, 'after') ?? 'simplify';
  const format = textFlag(flags, 'format') ?? 'text';
  if (format === 'dot' && (after === 'plan' || after === 'emit')) {
    throw new UsageError(
      `--format dot draws graphs, and there is none after ${after}: text or json`,
      'graph',
    );
  }
  const chosen = await openPipeline(file!, textFlag(flags, 'pipeline'));
  if (chosen instanceof Refused) return reportRefused(chosen);
  const programs = [...chosen.phases.read.keys()];
  if (!programs.includes(program)) {
    throw new UsageError(`--program ${program} is none of ${chosen.name}'s: ${programs.join(', ')}`, 'graph');
  }
  print(shown(chosen.phases, program, after, format).trimEnd());
  return 0;
};

function shown({ read, checked }: Phases, program: string, after: string, format: string): string {
  if (!checked) throw new Error('internal: a pipeline without errors has no programs');
  switch (after) {
    case 'plan': {
      const plan = planProgram(checked.compiled.module, program);
      return format === 'json' ? JSON.stringify(plan) : printPlan(plan);
    }
    case 'emit': {
      const module = emit(planProgram(checked.compiled.module, program));
      if (format === 'text') return moduleText(module);
      return JSON.stringify({ bytes: module.length, base64: Buffer.from(module).toString('base64') });
    }
    case 'read':
      return graphForm(read, program, format);
    case 'check':
      return graphForm(checked.check, program, format);
    case 'differentiate':
      return graphForm(checked.differentiate, program, format);
    default:
      return graphForm(checked.simplify, program, format);
  }
}

function graphForm(graphs: ReadonlyMap<string, Graph>, program: string, format: string): string {
  const value = graphs.get(program);
  if (!value) throw new Error(`internal: there is no program ${program}`);
  if (format === 'json') return JSON.stringify(graphJson(value));
  return format === 'dot' ? dot(value) : printGraph(value, { file: fileName });
}

/** `millrace graph FILE [--program …] [--after …] [--format text|json|dot]` */

import { printPlan } from '../compiler/5-plan/print-plan.ts';
import { emit } from '../compiler/6-emit/wasm/index.ts';
import { fileName } from '../compiler/diagnostics/files.ts';
import { dot } from '../compiler/ir/dot.ts';
import type { Graph, ProgramName } from '../compiler/ir/graph.ts';
import { programNames } from '../compiler/ir/graph.ts';
import { graphJson } from '../compiler/ir/graph-json.ts';
import { print as printGraph } from '../compiler/ir/print.ts';
import type { Phases } from '../compiler/phases.ts';
import type { Command } from './command.ts';
import { textFlag } from './command.ts';
import { moduleText } from './module-text.ts';
import { openPipeline, Refused } from './open-file.ts';
import { print } from './output.ts';
import { report } from './report.ts';
import { UsageError } from './usage-error.ts';

export const graph: Command['run'] = async ({ files: [file], flags }) => {
  const program = programNames.find((name) => name === flags.program) ?? 'step';
  const after = textFlag(flags, 'after') ?? 'simplify';
  const format = textFlag(flags, 'format') ?? 'text';
  if (format === 'dot' && (after === 'plan' || after === 'emit')) {
    throw new UsageError(
      `--format dot draws graphs, and there is none after ${after}: text or json`,
      'graph',
    );
  }
  const chosen = await openPipeline(file!, textFlag(flags, 'pipeline'));
  if (chosen instanceof Refused) {
    report(chosen.diagnostics, chosen.sources);
    return chosen.exitCode;
  }
  print(shown(chosen.phases, program, after, format).trimEnd());
  return 0;
};

function shown({ read, checked }: Phases, program: ProgramName, after: string, format: string): string {
  if (!checked) throw new Error('internal: a pipeline without errors has no programs');
  switch (after) {
    case 'plan':
      return format === 'json' ? JSON.stringify(checked.plan[program]) : printPlan(checked.plan[program]);
    case 'emit': {
      const module = emit(checked.plan[program]);
      if (format === 'text') return moduleText(module);
      return JSON.stringify({ bytes: module.length, base64: Buffer.from(module).toString('base64') });
    }
    case 'read':
      return graphForm(read[program], format);
    case 'check':
      return graphForm(checked.check[program], format);
    case 'differentiate':
      return graphForm(checked.differentiate[program], format);
    default:
      return graphForm(checked.simplify[program], format);
  }
}

function graphForm(value: Graph, format: string): string {
  if (format === 'json') return JSON.stringify(graphJson(value));
  return format === 'dot' ? dot(value) : printGraph(value, { file: fileName });
}

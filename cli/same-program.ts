/** Holds a program against a saved model: whoever gives both means that the one was saved from the other. */
import type { Compiled } from '../compiler/compile.ts';
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { RUN820 } from '../compiler/diagnostics/run.ts';
import { firstDifference } from '../compiler/ir/first-difference.ts';
import type { Graph } from '../compiler/ir/graph.ts';
import type { Node } from '../compiler/ir/node.ts';
import type { Span } from '../compiler/ir/span.ts';
import { programCalled } from '../compiler/module.ts';
import { typeText } from '../compiler/op/type-text.ts';
import type { Column, Schema } from '../dsl/column.ts';
import { columnText as kindText } from '../runtime/data/check-columns.ts';
import { readModel } from '../runtime/store/model/read-model.ts';
import type { Given } from './command.ts';
import { requiredFlag, textFlag } from './command.ts';
import type { Chosen } from './open-file.ts';
import { openPipeline, Refused } from './open-file.ts';

/** The program in FILE, if one is given: refused when the saved model is not of it. */
export async function programOf(
  files: readonly string[],
  flags: Given,
): Promise<Chosen | Refused | undefined> {
  const [file] = files;
  if (file === undefined) return undefined;
  const chosen = await openPipeline(file, textFlag(flags, 'pipeline'));
  if (chosen instanceof Refused) return chosen;
  const problem = await unlike(requiredFlag(flags, 'model'), chosen);
  return problem ? new Refused([problem], chosen.file.sources, 1) : chosen;
}

/** What differs between the program and the model in the directory; nothing where their answers are the same. */
async function unlike(directory: string, chosen: Chosen): Promise<Diagnostic | undefined> {
  const saved = (await readModel(directory)).compiled;
  const { span } = chosen.pipeline;
  const column = firstColumn(saved.contract.schema, chosen.compiled.contract.schema);
  if (column) return refusal(chosen, { span, ...column });
  const predicting = ({ module, contract }: Compiled): Graph =>
    programCalled(module, contract.predict.program).graph;
  const difference = firstDifference(predicting(saved), predicting(chosen.compiled));
  if (!difference) return undefined;
  const { a, b } = difference;
  return refusal(chosen, { span: b?.span ?? span, expected: nodeText(a), received: nodeText(b) });
}

interface Facts {
  readonly span: Span;
  readonly expected: string;
  readonly received: string;
}

function refusal({ name }: Chosen, facts: Facts): Diagnostic {
  return RUN820({
    message: `the model was not saved from ${name} as it is now`,
    ...facts,
    hint: 'train it again, give the program that the model was saved from, or leave the program out',
  });
}

/** The first column that only one side has, or that is of another kind. */
function firstColumn(model: Schema, program: Schema): Omit<Facts, 'span'> | undefined {
  for (const name of new Set([...Object.keys(model), ...Object.keys(program)])) {
    const [expected, received] = [columnText(name, model[name]), columnText(name, program[name])];
    if (expected !== received) return { expected, received };
  }
  return undefined;
}

function columnText(name: string, column: Column | undefined): string {
  if (!column) return `no column ${name}`;
  const labels = column.labels ? ` of ${column.labels.join(', ')}` : '';
  const kind = column.kind === 'text' ? kindText(column) : column.kind;
  return `a column ${name}: ${kind}${labels}, ${typeText(column)}`;
}

function nodeText(node: Node | undefined): string {
  if (!node) return 'nothing more';
  const { card, type, attributes } = node;
  const told = Object.entries(attributes)
    .filter(([name]) => name !== 'shape' && name !== 'dtype')
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [card.name, ...(type ? [typeText(type)] : []), ...told].join(' ');
}

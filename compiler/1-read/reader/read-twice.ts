/** A second reading of a pipeline: its functions must build the same graphs each time that they are called. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import { PIP109 } from '../../diagnostics/pipeline.ts';
import { firstDifference } from '../../ir/first-difference.ts';
import type { Node } from '../../ir/node.ts';
import { typeText } from '../../op/type-text.ts';
import type { Reading } from '../reading.ts';
import { readGraph } from './read-graph.ts';
import type { AnyPipeline } from './trace.ts';
import { trace } from './trace.ts';

/** Whose functions build which graph, in the order in which they are called. */
const parts = [
  ['predict', 'the model'],
  ['evaluate', 'the loss or a metric'],
] as const;

/** What differs from the first reading, which was sound; nothing where both are the same. */
export function readTwice(pipeline: AnyPipeline, first: Reading): Diagnostic | undefined {
  const second = again(pipeline, first.name);
  if (second instanceof DiagnosticError || second.diagnostics.some(({ severity }) => severity === 'error')) {
    const [error] = second.diagnostics;
    return refusal(first, 'a function of the pipeline', {
      span: error?.span,
      received: `the second time, ${error?.message}`,
    });
  }
  const own = first.programs.map(({ name }) => [name, `the program ${name}`] as const);
  for (const [program, whose] of [...parts, ...own]) {
    const difference = firstDifference(readGraph(first, program), readGraph(second, program));
    if (!difference) continue;
    const { a, b } = difference;
    return refusal(first, whose, {
      span: placeOf(b) ?? placeOf(a),
      expected: `${nodeText(a)}, as the first time`,
      received: nodeText(b),
    });
  }
  return undefined;
}

function again(pipeline: AnyPipeline, name: string): Reading | DiagnosticError {
  try {
    return trace(pipeline, name);
  } catch (error) {
    if (error instanceof DiagnosticError) return error;
    throw error;
  }
}

function refusal(
  { name, span }: Reading,
  whose: string,
  told: {
    readonly span: Diagnostic['span'] | undefined;
    readonly expected?: string;
    readonly received: string;
  },
): Diagnostic {
  const place = told.span ?? span;
  return PIP109({
    message: `${whose} of ${name} builds another graph when it is called again`,
    ...told,
    span: place,
    ...(place !== span && { labels: [{ span, text: `${name} is defined here` }] }),
    hint: 'let it depend on nothing that it changes: make layers outside it, and decide with constants',
  });
}

const placeOf = (node: Node | undefined): Diagnostic['span'] | undefined =>
  node && node.span.file !== '' ? node.span : undefined;

function nodeText(node: Node | undefined): string {
  if (!node) return 'nothing more';
  return node.type ? `${node.card.name} ${typeText(node.type)}` : node.card.name;
}

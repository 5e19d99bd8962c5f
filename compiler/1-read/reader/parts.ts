/** What the functions of a definition may be and may return; all else is refused in the words of the definition. */
import { HostReference } from '../../../dsl/host-reference.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { refuse } from '../../diagnostics/diagnostic.ts';
import { PIP102, PIP103 } from '../../diagnostics/pipeline.ts';
import { SRC111 } from '../../diagnostics/source.ts';
import { Node } from '../../ir/node.ts';
import type { Span } from '../../ir/span.ts';
import type { Op } from '../../op/card.ts';
import type { Optimizer } from '../../op/define/define-optimizer.ts';
import type { Metric } from '../../op/metric.ts';
import { isMetric } from '../../op/metric.ts';
import type { ReadProgram } from '../reading.ts';

type Part = (...args: unknown[]) => unknown;

export function partIn(value: unknown, name: string, span: Span): Part {
  if (typeof value === 'function') {
    if ('card' in value && name !== 'model') refuse(opAsPart(value as Op<Part>, name, span));
    return value as Part;
  }
  return refuse(
    PIP103({
      message: `${name} must be a function`,
      span,
      expected: 'a function of columns',
      received: kindOf(value),
    }),
  );
}

/** `loss: meanSquaredError`, as in Keras: an op does not know which columns it is to take. */
function opAsPart({ card: { name: op } }: Op<Part>, part: string, span: Span): Diagnostic {
  return PIP103({
    message: `${part} must be a function of the outputs and the columns, not the op ${op} itself`,
    span,
    expected: '(outputs, columns) => …',
    received: op,
    hint: `say which column is the truth: ${part.split('.').at(-1)}: (output, { y }) => ${op}(y, output)`,
  });
}

export function optimizerIn(value: unknown, name: string, span: Span): Optimizer {
  if (typeof value === 'object' && value !== null && 'optimizer' in value) return value as Optimizer;
  return refuse(
    PIP103({
      message: `${name} must be an optimizer`,
      span,
      expected: 'sgd(), adam(), …',
      received: kindOf(value),
    }),
  );
}

/** A tensor, or a record of tensors by the user's names. */
export function outputsIn(answer: unknown, name: string, span: Span): Pick<ReadProgram, 'form' | 'outputs'> {
  if (answer instanceof Node) return { form: 'tensor', outputs: [{ name: 'outputs', value: answer }] };
  const plain =
    typeof answer === 'object' &&
    answer !== null &&
    !Array.isArray(answer) &&
    !(answer instanceof HostReference);
  const entries = plain ? Object.entries(answer) : [];
  if (entries.length === 0) tensorIn(answer, name, span, 'a tensor or a record of tensors');
  return {
    form: 'record',
    outputs: entries.map(([key, value]) => ({
      name: key,
      value: tensorIn(value, `${name}'s output ${key}`, span),
    })),
  };
}

export function judgementIn(value: unknown, name: string, span: Span): Node | Metric {
  if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Node) &&
    isMetric(value as Metric | Tensor)
  ) {
    return value as Metric;
  }
  return tensorIn(value, `metric ${name}`, span);
}

export function tensorIn(value: unknown, name: string, span: Span, expected = 'a tensor'): Node {
  if (value instanceof Node) return value;
  if (value instanceof HostReference) {
    return refuse(
      SRC111({
        message: `what ${name} gives must be known before the program runs`,
        span,
        received: `${value.why} (${value.where})`,
        hint: 'values of the run belong in data; what the graph is made of must be constant',
      }),
    );
  }
  return refuse(
    PIP102({
      message: `${name} must give a tensor`,
      span,
      expected,
      received: kindOf(value),
      hint: 'return the tensor that its ops compute',
    }),
  );
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'an array' : `a ${value.constructor?.name ?? typeof value}`;
}

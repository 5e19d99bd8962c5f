/** The reader of pipeline values: calls model, loss and metrics once on symbolic columns and keeps what they build. */
import { Batches } from '../../../dsl/dataset.ts';
import type { AnyPipeline } from '../../../dsl/pipeline.ts';
import { Pipeline } from '../../../dsl/pipeline.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { DiagnosticError, refuse } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { PIP101, PIP102, PIP103 } from '../../diagnostics/pipeline.ts';
import type { Output } from '../../ir/graph.ts';
import { Node } from '../../ir/node.ts';
import { at, siteSpan } from '../../ir/site.ts';
import type { Span } from '../../ir/span.ts';
import type { Optimizer } from '../../op/define-optimizer.ts';
import { input } from '../../op/leaf.ts';
import type { Metric } from '../../op/metric.ts';
import { isMetric } from '../../op/metric.ts';
import type { Vocabulary } from '../../op/vocabulary.ts';
import type { Reading } from '../reading.ts';

export type { AnyPipeline };

type Part = (...args: unknown[]) => unknown;
interface Definition {
  readonly data?: unknown;
  readonly validation?: unknown;
  readonly model?: unknown;
  readonly loss?: unknown;
  readonly metrics?: Readonly<Record<string, unknown>>;
  readonly optimizer?: unknown;
}

/** Reads a pipeline value. Problems are collected, not thrown; refuses only what is no pipeline at all. */
export function trace(pipeline: AnyPipeline, name: string): Reading {
  const { span } = pipeline;
  // The type was checked where the pipeline was written, in TypeScript; plain JavaScript gets the checks below.
  const definition = pipeline.definition as Definition;
  const data = batches(definition.data, 'data', span);
  const validation =
    definition.validation === undefined ? undefined : batches(definition.validation, 'validation', span);
  const diagnostics: Diagnostic[] = [];
  const { schema } = data.rows;
  const columns = Object.fromEntries(
    Object.entries(schema).map(([column, { shape, dtype }]) => [
      column,
      at(span, () => input(column, ['B', ...shape], dtype)),
    ]),
  );
  const row = guarded(columns);
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      diagnostics.push(...error.diagnostics);
      return undefined;
    }
  };

  const answer = attempt(() => part(definition.model, 'model', span)(row));
  const outputs = answer === undefined ? [] : (attempt(() => readOutputs(answer, span)) ?? []);
  const judged = outputs.length > 0;
  const loss = judged
    ? attempt(() => tensor(part(definition.loss, 'loss', span)(answer, row), 'loss', span))
    : undefined;
  const metrics = Object.entries(judged ? (definition.metrics ?? {}) : {}).flatMap(([metric, judge]) => {
    const judgement = attempt(() =>
      readJudgement(part(judge, `metrics.${metric}`, span)(answer, row), metric, span),
    );
    return judgement ? [{ name: metric, judgement }] : [];
  });
  return {
    name,
    span,
    schema,
    columns,
    outputs,
    loss,
    metrics,
    optimizer: readOptimizer(definition.optimizer, span),
    data,
    validation,
    capacity: Math.max(data.size, validation?.size ?? 0),
    vocabulary: pipeline.language as Vocabulary,
    diagnostics,
  };
}

export function isPipeline(value: unknown): value is AnyPipeline {
  return value instanceof Pipeline;
}

/** The columns, refusing names that are none of them. */
function guarded(columns: Readonly<Record<string, Node>>): Readonly<Record<string, Node>> {
  return new Proxy(columns, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key);
      const guess = nearest(key, Object.keys(target));
      return refuse(
        PIP101({
          message: `there is no column ${key}`,
          span: siteSpan(),
          expected: Object.keys(target).join(', '),
          received: key,
          ...(guess !== undefined && { hint: `did you mean ${guess}?` }),
        }),
      );
    },
  });
}

function batches(value: unknown, part: string, span: Span): Batches {
  if (value instanceof Batches) {
    if (Number.isInteger(value.size) && value.size > 0) return value;
    return refuse(
      PIP103({
        message: `the batches of ${part} need a whole number of rows`,
        span,
        expected: '1 or more',
        received: String(value.size),
      }),
    );
  }
  return refuse(
    PIP103({
      message: `${part} must be a dataset in batches`,
      span,
      expected: 'a dataset with .batch(size)',
      received: kindOf(value),
      hint: `write ${part}: rows.batch(32)`,
    }),
  );
}

function part(value: unknown, name: string, span: Span): Part {
  if (typeof value === 'function') return value as Part;
  return refuse(
    PIP103({
      message: `${name} must be a function`,
      span,
      expected: 'a function of columns',
      received: kindOf(value),
    }),
  );
}

function readOptimizer(value: unknown, span: Span): Optimizer {
  if (typeof value === 'object' && value !== null && 'optimizer' in value) return value as Optimizer;
  return refuse(
    PIP103({
      message: 'optimizer must be an optimizer',
      span,
      expected: 'sgd(), adam(), …',
      received: kindOf(value),
    }),
  );
}

function readOutputs(answer: unknown, span: Span): Output[] {
  if (answer instanceof Node) return [{ name: 'outputs', value: answer }];
  const plain = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  const entries = plain ? Object.entries(answer) : [];
  if (entries.length === 0) tensor(answer, 'model', span);
  return entries.map(([name, value]) => ({
    name: `outputs.${name}`,
    value: tensor(value, `model's output ${name}`, span),
  }));
}

function readJudgement(value: unknown, name: string, span: Span): Node | Metric {
  if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Node) &&
    isMetric(value as Metric | Tensor)
  ) {
    return value as Metric;
  }
  return tensor(value, `metric ${name}`, span);
}

function tensor(value: unknown, name: string, span: Span): Node {
  if (value instanceof Node) return value;
  return refuse(
    PIP102({
      message: `${name} must give a tensor`,
      span,
      expected: name === 'model' ? 'a tensor or a record of tensors' : 'a tensor',
      received: kindOf(value),
      hint: 'return the tensor that its ops compute',
    }),
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'an array' : `a ${value.constructor?.name ?? typeof value}`;
}

/** The reader of pipeline values: calls the user's functions once on symbolic columns and keeps what they build. */
import type { Columns, Schema } from '../../../dsl/column.ts';
import type { AnyPipeline } from '../../../dsl/pipeline.ts';
import { Pipeline } from '../../../dsl/pipeline.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import type { Node } from '../../ir/node.ts';
import type { Span } from '../../ir/span.ts';
import type { Vocabulary } from '../../op/vocabulary.ts';
import type { Reading, ReadMetric, ReadObjective, ReadProgram } from '../reading.ts';
import { guarded, inputsOf } from './columns.ts';
import type { Definition, GivenObjective } from './definition.ts';
import { batchesIn, definitionOf, objectivesOf, programsOf } from './definition.ts';
import { judgementIn, optimizerIn, outputsIn, partIn, tensorIn } from './parts.ts';

export type { AnyPipeline };

/** Reads a pipeline value. Problems are collected, not thrown; refuses only what is no pipeline at all. */
export function trace(pipeline: AnyPipeline, name: string): Reading {
  const { span } = pipeline;
  const definition = definitionOf(pipeline);
  const data = batchesIn(definition.data, 'data', span);
  const validation =
    definition.validation === undefined ? undefined : batchesIn(definition.validation, 'validation', span);
  const reader = new Reader(span);
  const { schema } = data.rows;
  const columns = inputsOf(schema, span);
  const row = guarded(columns);
  const answer = reader.attempt(() => partIn(definition.model, 'model', span)(row));
  const outputs = answer === undefined ? undefined : reader.attempt(() => outputsIn(answer, 'model', span));
  const isRead = outputs !== undefined;
  return {
    name,
    span,
    predict: {
      name: 'predict',
      schema,
      columns,
      span,
      form: outputs?.form ?? 'tensor',
      outputs: outputs?.outputs ?? [],
    },
    objectives: isRead ? reader.objectives(definition, answer, row) : [],
    update: definition.update === 'inTurn' ? 'inTurn' : 'together',
    metrics: isRead ? reader.metrics(definition, answer, row) : [],
    programs: reader.programs(definition),
    data,
    validation,
    capacity: Math.max(data.size, validation?.size ?? 0),
    // The vocabulary's own `pipeline` put it there.
    vocabulary: pipeline.language as Vocabulary,
    diagnostics: reader.diagnostics,
  };
}

export function isPipeline(value: unknown): value is AnyPipeline {
  return value instanceof Pipeline;
}

type Row = Readonly<Record<string, Node>>;

/** Reads one part after another; what is wrong with one does not hide the next. */
class Reader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly span: Span;

  constructor(span: Span) {
    this.span = span;
  }

  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.diagnostics.push(...error.diagnostics);
      return undefined;
    }
  }

  objectives(definition: Definition, answer: unknown, row: Row): ReadObjective[] {
    const given = this.attempt(() => objectivesOf(definition, this.span)) ?? [];
    return given.flatMap((objective) => {
      const read = this.attempt(() => this.objective(objective, answer, row));
      return read ? [read] : [];
    });
  }

  private objective({ name, part, ...given }: GivenObjective, answer: unknown, row: Row): ReadObjective {
    const { span } = this;
    const optimizer = optimizerIn(given.optimizer, `${part}optimizer`, span);
    const loss = partIn(given.loss, `${part}loss`, span)(answer, row);
    return { ...given, name, optimizer, loss: tensorIn(loss, `${part}loss`, span) };
  }

  metrics({ metrics = {} }: Definition, answer: unknown, row: Row): ReadMetric[] {
    return Object.entries(metrics).flatMap(([name, judge]) => {
      const judgement = this.attempt(() =>
        judgementIn(partIn(judge, `metrics.${name}`, this.span)(answer, row), name, this.span),
      );
      return judgement ? [{ name, judgement }] : [];
    });
  }

  programs(definition: Definition): ReadProgram[] {
    const given = this.attempt(() => programsOf(definition, this.span)) ?? [];
    return given.flatMap(([name, { schema, body, span }]) => {
      const columns = inputsOf(schema, span);
      const outputs = this.attempt(() =>
        // The nodes are what the body's type calls the columns of its schema.
        outputsIn(body(guarded(columns) as unknown as Columns<Schema>), `programs.${name}`, span),
      );
      return outputs ? [{ name, schema, columns, span, ...outputs }] : [];
    });
  }
}

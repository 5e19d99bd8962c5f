/** A pipeline's definition as plain JavaScript may have given it: its shape is checked, its functions are not called yet. */
import { Batches } from '../../../dsl/dataset.ts';
import type { AnyPipeline, Parameters } from '../../../dsl/pipeline.ts';
import type { Program } from '../../../dsl/program.ts';
import { refuse } from '../../diagnostics/diagnostic.ts';
import { PIP103, PIP105 } from '../../diagnostics/pipeline.ts';
import { fit, programNames } from '../../ir/program-names.ts';
import type { Span } from '../../ir/span.ts';
import { kindOf } from './parts.ts';

export interface Definition {
  readonly data?: unknown;
  readonly validation?: unknown;
  readonly model?: unknown;
  readonly loss?: unknown;
  readonly metrics?: Readonly<Record<string, unknown>>;
  readonly optimizer?: unknown;
  readonly objectives?: unknown;
  readonly update?: unknown;
  readonly programs?: unknown;
}

/** An objective before its functions are called. `part` is how messages begin the names of its parts. */
export interface GivenObjective {
  readonly name: string | undefined;
  readonly part: string;
  readonly loss: unknown;
  readonly optimizer: unknown;
  readonly parameters: Parameters | undefined;
  readonly every: number;
  readonly weight: number;
}

/** The definition; its type was checked where the pipeline was written in TypeScript, and is here for plain JavaScript. */
export function definitionOf({ definition, span }: AnyPipeline): Definition {
  if (typeof definition === 'object' && definition !== null) return definition;
  return refuse(
    PIP103({
      message: 'a pipeline is made from its parts',
      span,
      expected: '{ data, model, loss, optimizer }',
      received: kindOf(definition),
    }),
  );
}

export function batchesIn(value: unknown, part: string, span: Span): Batches {
  if (value instanceof Batches) {
    if (Number.isInteger(value.size) && value.size > 0) return withLengths(value, part, span);
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

function withLengths(batches: Batches, part: string, span: Span): Batches {
  const lengths: unknown = batches.lengths;
  const isLength = (length: unknown): boolean => Number.isInteger(length) && Number(length) >= 1;
  if (lengths === undefined || (Array.isArray(lengths) && lengths.length > 0 && lengths.every(isLength)))
    return batches;
  return refuse(
    PIP103({
      message: `the lengths of the batches of ${part} must be a list of whole numbers`,
      span,
      expected: 'numbers from 1 up, such as [16, 64, 256]',
      received: Array.isArray(lengths) ? `[${lengths.slice(0, 10).map(String).join(', ')}]` : kindOf(lengths),
    }),
  );
}

/** The short form is one objective without a name. */
export function objectivesOf(definition: Definition, span: Span): GivenObjective[] {
  const { loss, optimizer, objectives, update } = definition;
  if (objectives === undefined) {
    return [{ name: undefined, part: '', loss, optimizer, parameters: undefined, every: 1, weight: 1 }];
  }
  const wrong = (message: string, expected: string, received: unknown): never =>
    refuse(PIP103({ message, span, expected, received: kindOf(received) }));
  if (loss !== undefined || optimizer !== undefined) {
    return wrong(
      'loss and optimizer stand beside objectives',
      'objectives, or one loss with one optimizer',
      loss ?? optimizer,
    );
  }
  if (update !== undefined && update !== 'together' && update !== 'inTurn')
    return wrong('update must say how objectives are updated', "'together' or 'inTurn'", update);
  const entries = isRecord(objectives) ? Object.entries(objectives) : [];
  if (entries.length === 0)
    return wrong('objectives must be a record of objectives', '{ name: { loss, optimizer } }', objectives);
  return entries.map(([name, objective]) => {
    if (!isRecord(objective))
      return wrong(`objectives.${name} must be an objective`, '{ loss, optimizer }', objective);
    const { every = 1, weight = 1, parameters, ...rest } = objective;
    if (!Number.isSafeInteger(every) || (every as number) < 1)
      return wrong(`objectives.${name}.every must be a number of steps`, '1 or more', every);
    if (typeof weight !== 'number' || !Number.isFinite(weight))
      return wrong(`objectives.${name}.weight must be a number`, 'a finite number', weight);
    return {
      name,
      part: `objectives.${name}.`,
      loss: rest.loss,
      optimizer: rest.optimizer,
      // What it selects is looked at when the parameters are known.
      parameters: parameters as Parameters | undefined,
      every: every as number,
      weight,
    };
  });
}

const ours: ReadonlySet<string> = new Set([...programNames, fit]);

export function programsOf({ programs = {} }: Definition, span: Span): (readonly [string, Program])[] {
  return Object.entries(programs as object).map(([name, program]: [string, unknown]) => {
    if (!isProgram(program)) {
      return refuse(
        PIP103({
          message: `programs.${name} must be a program`,
          span,
          expected: 'program({ z: vector(64) }, ({ z }) => …)',
          received: kindOf(program),
        }),
      );
    }
    if (/^[A-Za-z]\w*$/.test(name) && !ours.has(name)) return [name, program];
    return refuse(
      PIP105({
        message: ours.has(name)
          ? `${name} is a program that every pipeline has`
          : `${name} cannot be the name of a program`,
        span: program.span,
        expected: `a letter, then letters, digits or _, and none of ${[...ours].join(', ')}`,
        received: name,
      }),
    );
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isProgram(value: unknown): value is Program {
  return isRecord(value) && value.kind === 'program' && typeof value.body === 'function';
}

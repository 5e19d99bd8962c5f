/** The training contract as a part of a saved program: as plain data, and back, every part checked. */
import type { StateEntry } from '../../../compiler/module.ts';
import type {
  AnswerContract,
  EvaluationPorts,
  Labelled,
  TrainingContract,
} from '../../../compiler/programs/contract.ts';
import type { Column, Schema, TextHashing, TextVocabulary } from '../../../dsl/column.ts';
import { sequenceProblem, textProblem } from '../../../dsl/column.ts';
import { Damaged } from '../damaged.ts';
import { recordOf } from '../plain/parse-json.ts';

/** Records with names of the user's own are written as lists, so that no name can be lost or mean anything. */
export function contractText({ schema, answers, ...rest }: TrainingContract): object {
  return {
    ...rest,
    schema: Object.entries(schema),
    answers: answers.map((answer) => ({ ...answer, schema: Object.entries(answer.schema) })),
  };
}

/** Throws Damaged when anything is not as it was written, or names a program or a state that is not there. */
export function contractFrom(
  value: unknown,
  programs: readonly (readonly [string, string])[],
  state: readonly StateEntry[],
): TrainingContract {
  const names = new Set(programs.map(([name]) => name));
  const ids = new Set(state.map(({ id }) => id));
  const { schema, answers, init, fit, step, evaluate, predict, ...contract } = partOf(value);
  const runs = partOf(contract.state);
  const sums = partOf(runs.sums);
  const isProgram = (name: unknown): boolean => isText(name) && names.has(name);
  const isState = (id: unknown): boolean => isText(id) && ids.has(id);
  const isStates = (list: unknown): boolean => Array.isArray(list) && list.every(isState);
  const sound =
    [init, step, evaluate, predict].every((part) => isProgram(partOf(part).program)) &&
    (fit === undefined || (isProgram(partOf(fit).program) && isStates(partOf(fit).states))) &&
    isEvaluation({ metrics: [], ...partOf(partOf(step).batch) }) &&
    isEvaluation(partOf(step).epoch) &&
    isEvaluation(partOf(evaluate).epoch) &&
    [runs.step, runs.seed].every(isState) &&
    isLabelled(runs.rates) &&
    runs.rates.every(({ id }) => isState(id)) &&
    [sums.train, sums.validation].every(isStates) &&
    Array.isArray(answers) &&
    answers.every((answer) => isProgram(partOf(answer).program));
  if (!sound) throw new Damaged('the contract of the programs is malformed', 0);
  return {
    ...(value as TrainingContract),
    schema: schemaFrom(schema),
    answers: answers.map(answerFrom),
  };
}

function answerFrom(value: unknown): AnswerContract {
  const { schema, form, outputs, program } = partOf(value);
  if ((form !== 'tensor' && form !== 'record') || !isLabelled(outputs) || outputs.length === 0)
    throw new Damaged('the contract of the programs is malformed', 0);
  return { program: String(program), schema: schemaFrom(schema), form, outputs };
}

function partOf(value: unknown): Readonly<Record<string, unknown>> {
  return recordOf(value, 'the contract of the programs is malformed');
}

function isEvaluation(value: unknown): value is EvaluationPorts {
  const { loss, losses, metrics } = partOf(value);
  return isText(loss) && isLabelled(losses) && isLabelled(metrics);
}

function isLabelled(value: unknown): value is readonly Labelled[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => {
      const { label, id } = partOf(entry);
      return isText(label) && isText(id);
    })
  );
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
}

function schemaFrom(value: unknown): Schema {
  if (!Array.isArray(value) || !value.every(isColumnEntry)) throw new Damaged('the schema is malformed', 0);
  return Object.fromEntries(value);
}

function isColumnEntry(entry: unknown): entry is [string, Column] {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') return false;
  return isColumn(entry[1]);
}

function isColumn(value: unknown): value is Column {
  const { kind, dtype, shape, labels, text, items } = (value ?? {}) as Partial<Column>;
  return (
    ['float', 'int', 'bool', 'category', 'tensor', 'text', 'sequence'].includes(String(kind)) &&
    ['float32', 'int32', 'bool'].includes(String(dtype)) &&
    (kind === 'sequence' ? isSequence(items, dtype, shape) : items === undefined && isShape(shape)) &&
    (kind === 'text'
      ? dtype === 'int32' &&
        isTextReading(text) &&
        textProblem({ kind, dtype, shape: shape ?? [], text }) === undefined
      : text === undefined) &&
    (kind === 'category'
      ? Array.isArray(labels) && (labels as readonly unknown[]).every(isText)
      : labels === undefined)
  );
}

function isSequence(items: unknown, dtype: unknown, shape: unknown): boolean {
  const { of, most } = (items ?? {}) as Partial<NonNullable<Column['items']>>;
  if (!isColumn(of) || of.dtype !== dtype || !Array.isArray(shape)) return false;
  const column: Column = { kind: 'sequence', dtype: of.dtype, shape, items: { of, most: Number(most) } };
  return sequenceProblem(column) === undefined && shape.join() === ['T', ...of.shape].join();
}

function isTextReading(value: unknown): value is TextHashing | TextVocabulary {
  if (typeof value !== 'object' || value === null) return false;
  const fitted = 'vocabulary' in value;
  const members = fitted
    ? ['vocabulary', 'split', 'distinct', 'known']
    : ['buckets', 'seed', 'split', 'distinct'];
  return (
    Object.keys(value).every((name) => members.includes(name)) &&
    (!fitted || !('known' in value) || isVocabulary(value.known, Number(value.vocabulary)))
  );
}

/** Words of which no two are the same, and no more than have numbers. */
function isVocabulary(known: unknown, size: number): boolean {
  return (
    Array.isArray(known) && known.length < size && known.every(isText) && new Set(known).size === known.length
  );
}

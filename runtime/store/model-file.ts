/** `model.json`: all of a saved model but its weights, as plain data with a checksum over itself. */
import { createHash } from 'node:crypto';
import type { StateEntry } from '../../compiler/compiled.ts';
import type { ProgramName } from '../../compiler/ir/graph.ts';
import { programNames } from '../../compiler/ir/graph.ts';
import type { Column, Schema } from '../../dsl/column.ts';
import { Damaged } from './damaged.ts';

export const modelFileName = 'model.json';
export const weightsFileName = 'weights.safetensors';

/** Raised when older readers could not make sense of what newer ones write. */
const formatVersion = 1;

export interface ModelFile {
  readonly name: string;
  readonly seed: number;
  readonly schema: Schema;
  readonly metrics: readonly string[];
  readonly outputs: readonly string[];
  readonly capacity: number;
  readonly state: readonly StateEntry[];
  /** The text form of each program's graph. */
  readonly programs: Readonly<Record<ProgramName, string>>;
  readonly weights: { readonly file: string; readonly bytes: number; readonly sha256: string };
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

export function writeModelFile(model: ModelFile): string {
  // Records with names of the user's own are written as lists, so that no name can be lost or mean anything.
  const body = {
    format: 'millrace model',
    version: formatVersion,
    ...model,
    schema: Object.entries(model.schema),
  };
  return `${JSON.stringify({ ...body, sha256: sha256(JSON.stringify(body)) }, undefined, 2)}\n`;
}

/** Throws Damaged when anything is not as it was written. */
export function readModelFile(text: string): ModelFile {
  const { sha256: claimed, ...body } = parsed(text);
  if (body.format !== 'millrace model') throw new Damaged('this is no model of Millrace', 0);
  if (body.version !== formatVersion) {
    throw new Damaged(
      `the format has version ${String(body.version)}, and this Millrace reads version ${formatVersion}`,
      0,
    );
  }
  if (claimed !== sha256(JSON.stringify(body))) throw new Damaged('the checksum of the file does not fit', 0);
  // The checksum says that the rest is as `writeModelFile` wrote it; what follows guards against a forged one.
  const { name, seed, metrics, outputs, capacity, weights } = body as Partial<ModelFile>;
  const programs = body.programs as Partial<Record<ProgramName, unknown>> | undefined;
  const sound =
    typeof name === 'string' &&
    Number.isSafeInteger(seed) &&
    isTexts(metrics) &&
    isTexts(outputs) &&
    Number.isSafeInteger(capacity) &&
    capacity! > 0 &&
    programNames.every((program) => typeof programs?.[program] === 'string') &&
    weights?.file === weightsFileName &&
    typeof weights.sha256 === 'string';
  if (!sound) throw new Damaged('a part of the model is missing or of the wrong kind', 0);
  return { ...(body as unknown as ModelFile), schema: schemaOf(body.schema), state: statesOf(body.state) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Damaged(`the file is not JSON: ${(error as Error).message}`, 0);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Damaged('the file does not hold an object', 0);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((dim) => Number.isSafeInteger(dim) && dim >= 0);
}

function schemaOf(value: unknown): Schema {
  if (!Array.isArray(value) || !value.every(isColumnEntry)) throw new Damaged('the schema is malformed', 0);
  return Object.fromEntries(value);
}

function isColumnEntry(entry: unknown): entry is [string, Column] {
  if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string') return false;
  const { kind, dtype, shape, labels } = (entry[1] ?? {}) as Partial<Column>;
  return (
    ['float', 'int', 'bool', 'category', 'tensor'].includes(String(kind)) &&
    ['float32', 'int32', 'bool'].includes(String(dtype)) &&
    isShape(shape) &&
    (kind === 'category' ? isTexts(labels) : labels === undefined)
  );
}

function statesOf(value: unknown): readonly StateEntry[] {
  const sound =
    Array.isArray(value) &&
    value.every(
      ({ name, dtype, shape, role }: Partial<StateEntry>) =>
        typeof name === 'string' &&
        ['float32', 'int32', 'bool'].includes(String(dtype)) &&
        isShape(shape) &&
        ['param', 'state', 'slot', 'metric', 'run'].includes(String(role)),
    );
  if (!sound) throw new Damaged('the list of states is malformed', 0);
  return value as readonly StateEntry[];
}

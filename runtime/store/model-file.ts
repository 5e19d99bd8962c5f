/** `model.json`: all of a saved model but its weights, as plain data with a checksum over itself. */
import { createHash } from 'node:crypto';
import type { StateEntry } from '../../compiler/module.ts';
import type { TrainingContract } from '../../compiler/programs/contract.ts';
import { contractFrom, contractText, isShape, isText } from './contract-file.ts';
import { Damaged } from './damaged.ts';
import type { ForeignOp } from './foreign-ops.ts';

export const modelFileName = 'model.json';
export const weightsFileName = 'weights.safetensors';

/** Raised when older readers could not make sense of what newer ones write. */
const formatVersion = 2;

export interface ModelFile {
  readonly name: string;
  readonly seed: number;
  readonly capacity: number;
  readonly contract: TrainingContract;
  readonly state: readonly StateEntry[];
  /** The name of each program, and the text form of its graph. */
  readonly programs: readonly (readonly [name: string, text: string])[];
  /** Ops in the graphs that are not Millrace's own. */
  readonly foreign: readonly ForeignOp[];
  readonly weights: { readonly file: string; readonly bytes: number; readonly sha256: string };
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

export function writeModelFile(model: ModelFile): string {
  const body = {
    format: 'millrace model',
    version: formatVersion,
    ...model,
    contract: contractText(model.contract),
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
  const { name, seed, capacity, weights } = body as Partial<ModelFile>;
  const sound =
    typeof name === 'string' &&
    Number.isSafeInteger(seed) &&
    Number.isSafeInteger(capacity) &&
    capacity! > 0 &&
    weights?.file === weightsFileName &&
    typeof weights.sha256 === 'string';
  if (!sound) throw new Damaged('a part of the model is missing or of the wrong kind', 0);
  const state = statesOf(body.state);
  const programs = programsOf(body.programs);
  const foreign = foreignFrom(body.foreign);
  const contract = contractFrom(body.contract, programs, state);
  return { ...(body as unknown as ModelFile), programs, state, contract, foreign };
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

function programsOf(value: unknown): ModelFile['programs'] {
  const isProgram = (entry: unknown): boolean =>
    Array.isArray(entry) && entry.length === 2 && entry.every(isText);
  if (Array.isArray(value) && value.every(isProgram)) return value;
  throw new Damaged('the list of programs is malformed', 0);
}

function foreignFrom(value: unknown): readonly ForeignOp[] {
  const isForeign = ({ word, op, origin }: Partial<ForeignOp>): boolean =>
    isText(word) &&
    isText(op) &&
    (origin === undefined || [origin.package, origin.version, origin.export].every(isText));
  if (Array.isArray(value) && value.every(isForeign)) return value;
  throw new Damaged('the list of foreign ops is malformed', 0);
}

function statesOf(value: unknown): readonly StateEntry[] {
  const sound =
    Array.isArray(value) &&
    value.every(
      ({ id, label, dtype, shape, role }: Partial<StateEntry>) =>
        isText(id) &&
        isText(label) &&
        ['float32', 'int32', 'bool'].includes(String(dtype)) &&
        isShape(shape) &&
        ['param', 'state', 'slot', 'metric', 'run'].includes(String(role)),
    );
  if (!sound) throw new Damaged('the list of states is malformed', 0);
  return value as readonly StateEntry[];
}

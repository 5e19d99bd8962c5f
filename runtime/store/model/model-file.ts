/** `program-….json`: all of a saved model but its weights, as plain data. */
import type { StateEntry } from '../../../compiler/module.ts';
import type { TrainingContract } from '../../../compiler/programs/contract.ts';
import { Damaged } from '../damaged.ts';
import { isCount } from '../folder/manifest.ts';
import { parseJson, recordOf } from '../plain/parse-json.ts';
import { contractFrom, contractText, isShape, isText } from './contract-file.ts';
import type { ForeignOp } from './foreign-ops.ts';

export const modelFileName = 'model.json';

/** Raised when older readers could not make sense of what newer ones write. */
const formatVersion = 3;

export interface ModelFile {
  readonly name: string;
  readonly seed: number;
  readonly capacity: number;
  /** That sequences are padded to, in order; absent where there are no sequences. */
  readonly lengths?: readonly number[] | undefined;
  readonly contract: TrainingContract;
  readonly state: readonly StateEntry[];
  /** The name of each program, and the text form of its graph. */
  readonly programs: readonly (readonly [name: string, text: string])[];
  /** Ops in the graphs that are not Millrace's own. */
  readonly foreign: readonly ForeignOp[];
}

export function writeModelFile(model: ModelFile): string {
  const contract = contractText(model.contract);
  const body = { format: 'millrace program', version: formatVersion, ...model, contract };
  return `${JSON.stringify(body, undefined, 2)}\n`;
}

/** Throws Damaged when anything is not as it was written. */
export function readModelFile(text: string): ModelFile {
  const { format, version, name, seed, capacity, ...rest } = recordOf(parseJson(text));
  if (format !== 'millrace program') throw new Damaged('this is no program of Millrace', 0);
  if (version !== formatVersion) {
    const found = JSON.stringify(version)?.slice(0, 20) ?? 'none';
    throw new Damaged(`the format has version ${found}, and this Millrace reads version ${formatVersion}`, 0);
  }
  if (!isText(name) || !Number.isSafeInteger(seed) || !isCount(capacity) || capacity === 0)
    throw new Damaged('a part of the model is missing or of the wrong kind', 0);
  const state = statesOf(rest.state);
  const programs = programsOf(rest.programs);
  const foreign = foreignFrom(rest.foreign);
  const contract = contractFrom(rest.contract, programs, state);
  const { lengths } = rest;
  if (lengths !== undefined && !isLengths(lengths))
    throw new Damaged('the lengths of sequences are malformed', 0);
  const body = { name, seed: Number(seed), capacity, programs, state, contract, foreign };
  return lengths === undefined ? body : { ...body, lengths };
}

/** Whole numbers, each larger than the one before. */
function isLengths(value: unknown): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((length, i) => isCount(length) && length > (i === 0 ? 0 : value[i - 1]))
  );
}

function programsOf(value: unknown): ModelFile['programs'] {
  const isProgram = (entry: unknown): boolean =>
    Array.isArray(entry) && entry.length === 2 && entry.every(isText);
  if (!Array.isArray(value) || !value.every(isProgram))
    throw new Damaged('the list of programs is malformed', 0);
  const programs: ModelFile['programs'] = value;
  if (new Set(programs.map(([name]) => name)).size !== programs.length)
    throw new Damaged('two programs have one name', 0);
  return programs;
}

function foreignFrom(value: unknown): readonly ForeignOp[] {
  const isForeign = (entry: unknown): boolean => {
    const { word, op, origin } = recordOf(entry);
    if (!isText(word) || !isText(op)) return false;
    if (origin === undefined) return true;
    const { package: name, version, export: exported } = recordOf(origin);
    return [name, version, exported].every(isText);
  };
  if (Array.isArray(value) && value.every(isForeign)) return value;
  throw new Damaged('the list of foreign ops is malformed', 0);
}

function statesOf(value: unknown): readonly StateEntry[] {
  const isState = (entry: unknown): boolean => {
    const { id, label, dtype, shape, role } = recordOf(entry);
    return (
      isText(id) &&
      isText(label) &&
      ['float32', 'int32', 'bool'].includes(String(dtype)) &&
      isShape(shape) &&
      ['param', 'state', 'slot', 'metric', 'run'].includes(String(role))
    );
  };
  if (!Array.isArray(value) || !value.every(isState)) throw new Damaged('the list of states is malformed', 0);
  const states: readonly StateEntry[] = value;
  if (new Set(states.map(({ id }) => id)).size !== states.length)
    throw new Damaged('two states have one id', 0);
  return states;
}

/** All of a run at one boundary of a batch: its state as plain data, and copies of its tensors. */
import type { StateEntry } from '../../compiler/module.ts';
import type { Tensors } from '../store/safetensors.ts';
import type { LoadedPipeline, Snapshot } from './loaded-pipeline.ts';
import type { RunState } from './run-state.ts';
import type { Kept, Snapshots } from './snapshots.ts';

/** What a checkpoint says beside its tensors. */
export interface CapturedState {
  readonly run: RunState;
  readonly seed: number;
  /** What makes a program the same. */
  readonly program: string;
  /** What makes the positions of the data the same. */
  readonly data: string;
  /** The snapshots in memory, each in a group of tensors of its own. */
  readonly snapshots: readonly (Omit<Kept, 'values'> & { readonly generation: string })[];
}

export interface Capture {
  readonly state: CapturedState;
  readonly tensors: ReadonlyMap<string, Tensors>;
}

/** Roles that make a model; the others are what training needs beside them. */
const ofModel: ReadonlySet<StateEntry['role']> = new Set(['param', 'state']);

/** Copies all that training changes. Weights and what else training needs are groups of their own, and so is each snapshot. */
export function capture(
  loaded: LoadedPipeline,
  run: RunState,
  snapshots: Snapshots,
  of: Pick<CapturedState, 'seed' | 'program' | 'data'>,
): Capture {
  const { state: entries } = loaded.compiled.module;
  const read = ({ id }: StateEntry) => loaded.session.read(id);
  const group = (chosen: readonly StateEntry[]): Tensors =>
    new Map(chosen.map((entry) => [entry.id, { ...entry, values: read(entry) }]));
  const tensors = new Map([
    ['weights', group(entries.filter(({ role }) => ofModel.has(role)))],
    ['training', group(entries.filter(({ role }) => !ofModel.has(role)))],
  ]);
  const kept = [...snapshots.all].map(([generation, { values, ...rest }], at) => {
    tensors.set(`snapshot-${at}`, named(entries, values));
    return { generation, ...rest };
  });
  return {
    state: {
      ...of,
      run: { ...run, history: [...run.history], rejected: { ...run.rejected } },
      snapshots: kept,
    },
    tensors,
  };
}

function named(entries: readonly StateEntry[], values: Snapshot): Tensors {
  return new Map(
    entries.flatMap((entry) => {
      const numbers = values.get(entry.id);
      return numbers ? [[entry.id, { ...entry, values: numbers }] as const] : [];
    }),
  );
}

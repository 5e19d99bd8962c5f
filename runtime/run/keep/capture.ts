/** All of a run at one boundary of a batch: its state as plain data, and copies of its tensors. */
import { isOfModel } from '../../../compiler/module.ts';
import type { Tensors } from '../../store/safetensors.ts';
import { tensorsOf } from '../../store/safetensors.ts';
import type { LoadedPipeline } from '../loaded-pipeline.ts';
import type { RunState } from '../run-state.ts';
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

/** Copies all that training changes. Weights and what else training needs are groups of their own, and so is each snapshot. */
export function capture(
  loaded: LoadedPipeline,
  run: RunState,
  snapshots: Snapshots,
  of: Pick<CapturedState, 'seed' | 'program' | 'data'>,
): Capture {
  const { state: entries } = loaded.compiled.module;
  const read = (id: string) => loaded.session.read(id);
  const tensors = new Map([
    ['weights', tensorsOf(entries.filter(isOfModel), read)],
    [
      'training',
      tensorsOf(
        entries.filter((entry) => !isOfModel(entry)),
        read,
      ),
    ],
  ]);
  const kept = [...snapshots.all].map(([generation, { values, ...rest }], at) => {
    tensors.set(
      `snapshot-${at}`,
      tensorsOf(entries, (id) => values.get(id)),
    );
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

/** Goes on with what a run or a model left behind: tensors that fit are taken over, and what does not fit is said. */
import type { StateEntry } from '../../../compiler/module.ts';
import type { StoredTensor, Tensors } from '../../store/safetensors.ts';
import type { LoadedPipeline } from '../loaded-pipeline.ts';

/** A state as it was, with what it was called. */
export interface OldState extends StoredTensor {
  readonly label: string;
  readonly role: StateEntry['role'];
}

export interface TakenOver {
  /** States of the program that nothing was there for. */
  readonly fresh: readonly string[];
  /** What was there and the program does not have. */
  readonly unused: readonly string[];
}

const keyOf = ({ role, label }: Pick<OldState, 'role' | 'label'>): string => `${role} ${label}`;

/**
 * Writes into the program's states those of the same role, name, dtype and shape; where that is not all of them, the others
 * get their first values. Sums are of no use to another program.
 */
export function takeOver(
  loaded: LoadedPipeline,
  old: readonly OldState[],
  { withSums, seed }: { readonly withSums: boolean; readonly seed: number },
): TakenOver {
  const found = new Map(old.map((state) => [keyOf(state), state]));
  const taken = new Map<string, OldState>();
  const fresh: string[] = [];
  const { state: entries } = loaded.compiled.module;
  for (const entry of entries) {
    if (entry.role === 'metric' && !withSums) continue;
    const state = found.get(keyOf(entry));
    found.delete(keyOf(entry));
    if (state?.dtype === entry.dtype && state.shape.join() === entry.shape.join()) {
      taken.set(entry.id, state);
    } else if (entry.role !== 'metric') {
      fresh.push(entry.label);
    }
  }
  // Drawing random numbers takes longer than copying them.
  if (taken.size < entries.length) loaded.initialise(seed);
  for (const [id, { values }] of taken) loaded.session.write(id, values);
  return {
    fresh,
    unused: [...found.values()].filter(({ role }) => role !== 'metric').map(({ label }) => label),
  };
}

/** Stored tensors with the names and roles that a list of states gives them. */
export function oldStates(entries: readonly StateEntry[], tensors: Tensors): OldState[] {
  return entries.flatMap(({ id, label, role }) => {
    const tensor = tensors.get(id);
    return tensor ? [{ ...tensor, label, role }] : [];
  });
}

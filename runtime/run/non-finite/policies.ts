/** What a run may do instead of failing when a step gives what is not finite: skip it, limit it, or go back. */
import type { StateEntry } from '../../../compiler/module.ts';
import type { Numbers } from '../../engines/engine.ts';
import { areFinite, hasFiniteLoss, soundStart } from './find-failure.ts';
import type { RecentSteps, States } from './recent-steps.ts';

/**
 * `fail` ends the run · `skip` leaves the batch out · `clip` takes the step, with no parameter changed by more than so
 * much · `rollback` goes back to the last snapshot and leaves out the batches since.
 */
export type OnNonFinite = 'fail' | 'skip' | { readonly clip: number } | 'rollback';

/** How events name a policy. */
export function policyText(policy: OnNonFinite): 'fail' | 'skip' | 'clip' | 'rollback' {
  return typeof policy === 'object' ? 'clip' : policy;
}

/** What was done. */
export interface Mended {
  /** The steps that were not made, or not as they were, by how many steps before the newest one they stand, oldest first. */
  readonly stepsAgo: readonly number[];
}

/**
 * Brings the session to where training can go on, and begins to remember anew from there. Undefined where it must fail:
 * that was asked for, or no remembered snapshot is finite.
 */
export function mend(recent: RecentSteps, policy: OnNonFinite): Mended | undefined {
  if (policy === 'fail') return undefined;
  if (policy === 'rollback') return rollBack(recent);
  return policy === 'skip' ? skip(recent) : clip(recent, policy.clip);
}

/**
 * Leaves out the steps that give what is not finite. Those after them are made again, on states that they have not
 * spoilt; all that belongs to a step (the counter, the sums of the epoch) is as if its batch had never come.
 */
export function skip(recent: RecentSteps): Mended | undefined {
  return redo(recent, (before) => before);
}

/**
 * Takes the bad steps, but limits them: each element of a parameter moves by at most `limit`, and not at all where the
 * step gives NaN; slots and states of layers that are not finite stay as they were, and so do the sums of the epoch.
 */
export function clip(recent: RecentSteps, limit: number): Mended | undefined {
  const roles = new Map(recent.compiled.module.state.map(({ id, role }) => [id, role]));
  return redo(
    recent,
    (before, after) =>
      new Map([...before].map(([id, old]) => [id, limited(old, after.get(id) ?? old, roles.get(id), limit)])),
  );
}

/** Goes back to the newest snapshot that is finite, and leaves out all steps since. */
export function rollBack(recent: RecentSteps): Mended | undefined {
  const start = soundStart(recent);
  if (!start) return undefined;
  const undone = recent.count - start.index;
  recent.restore(start.states);
  recent.restart();
  return { stepsAgo: Array.from({ length: undone }, (_, i) => undone - 1 - i) };
}

/** Makes the steps since the newest sound snapshot again; what a bad one leaves behind is for `settle` to say. */
function redo(recent: RecentSteps, settle: (before: States, after: States) => States): Mended | undefined {
  const { compiled, count } = recent;
  const start = soundStart(recent);
  if (!start) return undefined;
  const stepsAgo: number[] = [];
  recent.restore(start.states);
  for (let index = start.index; index < count; index++) {
    recent.rewrite(index);
    const before = recent.states();
    const program = recent.run(index);
    const after = recent.states();
    if (hasFiniteLoss(program, compiled) && areFinite(after, compiled)) continue;
    recent.restore(settle(before, after));
    stepsAgo.push(count - 1 - index);
  }
  recent.restart();
  return { stepsAgo };
}

function limited(
  before: Numbers,
  after: Numbers,
  role: StateEntry['role'] | undefined,
  limit: number,
): Numbers {
  if (role === 'metric') return before;
  return after.map((value, i) => {
    const old = before[i] ?? 0;
    if (role !== 'param') return Number.isFinite(value) ? value : old;
    const change = value - old;
    return Number.isNaN(change) ? old : old + Math.min(Math.max(change, -limit), limit);
  });
}

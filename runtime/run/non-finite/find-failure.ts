/** Goes through the remembered steps again until one of them gives what is not finite. */
import type { Compiled } from '../../../compiler/compile.ts';
import type { StateEntry } from '../../../compiler/module.ts';
import type { Runnable } from '../../engines/engine.ts';
import type { NonFinite } from './found.ts';
import { locateNonFinite } from './locate.ts';
import type { RecentSteps, States } from './recent-steps.ts';

/** What a model is made of: these are saved, and must be finite whenever they are. */
const lasting: ReadonlySet<StateEntry['role']> = new Set(['param', 'state', 'slot']);

/** Whether all parameters, states of layers and slots are finite; the sums of an epoch may be anything. */
export function areFinite(states: States, { module }: Compiled): boolean {
  return module.state.every(({ id, role }) => {
    if (!lasting.has(role)) return true;
    return states.get(id)?.every((value) => Number.isFinite(value)) ?? true;
  });
}

/** Whether the loss of the step that a program has just made is finite. */
export function hasFiniteLoss(program: Runnable, { contract }: Compiled): boolean {
  return Number.isFinite(program.outputs[contract.step.batch.loss]?.[0]);
}

/** A remembered snapshot to go on from. */
export interface Start {
  /** The index of the step that it stands before. */
  readonly index: number;
  readonly states: States;
}

/** The newest snapshot that is finite; undefined where the values have been spoilt for longer. */
export function soundStart(recent: RecentSteps): Start | undefined {
  return recent.snapshots().find(({ states }) => areFinite(states, recent.compiled));
}

export interface Failure {
  readonly found: NonFinite;
  /** How many steps before the newest one it happened: weights may be spoilt by the step before a loss shows it. */
  readonly stepsAgo: number;
}

/**
 * The first remembered step that gave a loss or a state that is not finite, and where in it that came about. The session
 * is left as it was before that step. Undefined where no step did, or where op by op the step stays finite.
 */
export function findFailure(recent: RecentSteps): Failure | undefined {
  const { compiled, count } = recent;
  const start = soundStart(recent);
  if (!start) return count > 0 ? located(recent, count - 1) : undefined;
  recent.restore(start.states);
  for (let index = start.index; index < count; index++) {
    recent.rewrite(index);
    const before = recent.states();
    const program = recent.run(index);
    if (hasFiniteLoss(program, compiled) && areFinite(recent.states(), compiled)) continue;
    recent.restore(before);
    return located(recent, index, before);
  }
  return undefined;
}

function located(
  recent: RecentSteps,
  index: number,
  states = recent.replay(undefined, index),
): Failure | undefined {
  const found = locateNonFinite({ compiled: recent.compiled, states, ...recent.batch(index) });
  return found && { found, stepsAgo: recent.count - 1 - index };
}

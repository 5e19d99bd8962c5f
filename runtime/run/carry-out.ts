/** Carries out what hooks asked for, at the boundary of a batch. */
import type { CommandedRun } from '../commands/command.ts';
import { perform } from '../commands/index.ts';
import type { Steering } from './steering.ts';

/** What a run that was cancelled, or has failed, still owes then, an evaluation that was broken off with it, is done first when it is gone on with. */
export async function carryOutDue(run: CommandedRun | undefined, steering: Steering): Promise<void> {
  if (!run) return;
  const { state } = run;
  for (let [next] = state.due; next && steering.cancelled === undefined; [next] = state.due) {
    state.due = state.due.slice(1);
    try {
      const done = perform(next.command, run, next.hook);
      if (done) await done;
    } finally {
      if (state.beforeEvaluation !== undefined) state.due = [next, ...state.due];
    }
  }
}

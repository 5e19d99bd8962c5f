/** What training does to the parameters: each objective's gradients, and the update that its optimizer makes of them. */

import type { Checked, CheckedObjective } from '../2-check/checked.ts';
import { gradients } from '../3-differentiate/gradients.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Fusion, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { rebuildAll, withInputs } from '../ir/rewrite.ts';
import { slotId } from '../ir/state-ids.ts';
import { runStep } from '../op/leaf.ts';
import type { Roles } from '../op/roles.ts';
import type { Gradient } from './apply-optimizer.ts';
import { applyOptimizer } from './apply-optimizer.ts';
import { learningRateOf } from './learning-rate.ts';
import { trainedTwice, unreached } from './untrained.ts';
import { times } from './weighted-sum.ts';

export interface Trained {
  readonly updates: readonly Update[];
  readonly fusions: readonly Fusion[];
  readonly slots: readonly Node[];
  /** The state that holds each objective's learning rate, where it is not a schedule. */
  readonly rates: readonly { readonly objective: string | undefined; readonly leaf: Node }[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The parameters that one objective trains, with the gradient of each. */
export interface Slopes {
  readonly objective: CheckedObjective;
  /** The loss times its weight, which the gradients are of. */
  readonly loss: Node;
  readonly trained: readonly Gradient[];
  /** Those that it should train and whose gradient nothing flows into. */
  readonly lost: readonly Node[];
}

export function trainObjectives(checked: Checked): Trained {
  const { objectives, update } = checked;
  const { roles } = checked.vocabulary;
  const slopes = objectives.map((objective) => slopesOf(objective, roles));
  const rates: { objective: string | undefined; leaf: Node }[] = [];
  const slots: Node[] = [];
  const fusions: Fusion[] = [];
  // What each parameter and slot is after the objectives so far.
  const latest = new Map<Node, Node>();
  for (const { objective, loss, trained } of slopes) {
    const turn = turnOf(objective, roles);
    const rate = learningRateOf(objective, turn.updates);
    if (rate.leaf) rates.push({ objective: objective.name, leaf: rate.leaf });
    const gradients = trained.map(({ gradient }) => gradient);
    const together = { rate: rate.value, step: turn.updates, loss, gradients };
    const made = trained.map((each) =>
      applyOptimizer(objective.optimizer, each, together, (slot) =>
        slotId(objective.name, each.parameter.name ?? '', slot),
      ),
    );
    slots.push(...made.flatMap((each) => each.slots));
    const updates = made.flatMap((each) => each.updates);
    const own = updates.map(({ target, value }) => turn.taken(target, value));
    // In turn, whatever speaks of a parameter means what the objectives before have made of it.
    const values = update === 'inTurn' ? rebuildAll(own, withInputs, new Map(latest)) : own;
    for (const [i, value] of values.entries()) latest.set(updates[i]!.target, value);
    // A kernel of the engine's own makes the plain update and no other.
    if (update === 'together' && objective.every === 1) fusions.push(...made.flatMap((each) => each.fusions));
  }
  return {
    updates: [...latest].map(([target, value]) => ({ target, value })),
    fusions,
    slots,
    rates,
    diagnostics: [...unreached(checked, slopes), ...trainedTwice(checked, slopes)],
  };
}

function slopesOf(objective: CheckedObjective, roles: Roles): Slopes {
  const { weight, parameters } = objective;
  const loss = times({ weight, value: objective.loss }, roles);
  const found = gradients(loss, parameters, roles);
  const trained = parameters.flatMap((parameter, i) => {
    const gradient = found[i];
    return gradient ? [{ parameter, gradient }] : [];
  });
  return { objective, loss, trained, lost: parameters.filter((_, i) => !found[i]) };
}

interface Turn {
  /** How many updates the objective has made: int32. */
  readonly updates: Node;
  /** The value that the target takes: its own again in a step in which it is not the objective's turn. */
  readonly taken: (target: Node, value: Node) => Node;
}

function turnOf({ every }: CheckedObjective, roles: Roles): Turn {
  if (every === 1) return { updates: runStep, taken: (_, value) => value };
  const isDue = roles.equal(roles.mod(runStep, every), 0);
  return {
    updates: nodeOf(roles.floorDivide(runStep, every)),
    taken: (target, value) => nodeOf(roles.where(isDue, value, target)),
  };
}

/** One step of an optimizer on one parameter: what the parameter and what is kept beside it become. */
import type { Fusion, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { within } from '../ir/site.ts';
import type { Optimizer, OptimizerKernel } from '../op/define/define-optimizer.ts';
import { stateLeaf } from './state-leaf.ts';

export interface Gradient {
  readonly parameter: Node;
  readonly gradient: Node;
}

export interface Applied {
  /** Of the parameter, then of its slots. */
  readonly updates: readonly Update[];
  readonly fusions: readonly Fusion[];
  readonly slots: readonly Node[];
}

/** What the updates of all parameters that are trained together have in common. */
export interface Together {
  readonly rate: Node;
  /** How many updates were made before. */
  readonly step: Node;
  readonly loss: Node | undefined;
  readonly gradients: readonly Node[];
}

/** `idOf` names what is kept beside the parameter. */
export function applyOptimizer(
  optimizer: Optimizer,
  { parameter, gradient }: Gradient,
  { rate, ...together }: Together,
  idOf: (slot: string) => string,
): Applied {
  gradient.name ??= `∂${parameter.name}`;
  return within({ owner: parameter, name: optimizer.optimizer, kind: 'op' }, () => {
    const slots = Object.fromEntries(
      Object.entries(optimizer.slots(parameter)).map(([slot, initial]) => {
        const { shape, dtype } = nodeOf(initial);
        return [slot, stateLeaf(idOf(slot), shape, dtype, nodeOf(initial))];
      }),
    );
    const updated = optimizer.update({ parameter, gradient, slots, learningRate: rate, ...together });
    const ofSlots = Object.entries(slots).map(([slot, target]) => {
      const value = updated.slots[slot] ?? target;
      return { target, value: nodeOf(value) };
    });
    return {
      slots: Object.values(slots),
      updates: [{ target: parameter, value: nodeOf(updated.parameter) }, ...ofSlots],
      fusions: updated.tensorflow ? [fusionOf(updated.tensorflow, parameter, slots)] : [],
    };
  });
}

function fusionOf(
  { kernel, slots, operands, flags = {} }: OptimizerKernel,
  parameter: Node,
  own: Readonly<Record<string, Node>>,
): Fusion {
  const targets = [parameter, ...slots.map((slot) => own[slot]!)];
  return { kernel, targets, operands: operands.map(nodeOf), flags };
}

/** Operations: what a run does rather than gives, such as one step of training. */

import { refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { SES904 } from '../../../../compiler/diagnostics/session.ts';
import type { Update } from '../../../../compiler/ir/graph.ts';
import { Node } from '../../../../compiler/ir/node.ts';
import { siteSpan } from '../../../../compiler/ir/site.ts';
import { textOf } from '../../../../compiler/op/arguments.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';

export interface OperationParts {
  /** What variables become. */
  readonly updates?: readonly Update[];
  /** Tensors that are computed for the assignments in them. */
  readonly evaluated?: readonly Node[];
  /** Whether a run of it is one of training: layers then behave and update their statistics accordingly. */
  readonly isTraining?: boolean;
  /** Whether it gives all variables their initial values, before all else. */
  readonly isInitializer?: boolean;
}

/** Fetching one gives `undefined`. */
export class Operation {
  readonly name: string;
  readonly updates: readonly Update[];
  readonly evaluated: readonly Node[];
  readonly isTraining: boolean;
  readonly isInitializer: boolean;

  constructor(
    name: string,
    { updates = [], evaluated = [], isTraining = false, isInitializer = false }: OperationParts,
  ) {
    this.name = name;
    this.updates = updates;
    this.evaluated = evaluated;
    this.isTraining = isTraining;
    this.isInitializer = isInitializer;
  }
}

/** Gives every variable of the session its initial value, those too that the session meets later. */
export function globalVariablesInitializer(): Operation {
  return new Operation('globalVariablesInitializer', { isInitializer: true });
}

/** Does nothing. */
export function noOp(): Operation {
  return new Operation('noOp', {});
}

/** Does all of these in one run: operations, and tensors for the assignments in them. SES904 for anything else. */
export function group(...parts: readonly (Operation | Tensor)[]): Operation {
  const operations = parts.filter((part) => part instanceof Operation);
  const tensors = parts.filter((part) => part instanceof Node);
  if (operations.length + tensors.length < parts.length) {
    const other: unknown = parts.find((part) => !(part instanceof Operation || part instanceof Node));
    refuse(
      SES904({
        message: 'group takes operations and tensors',
        span: siteSpan(),
        expected: 'operations and tensors',
        received: textOf(other),
      }),
    );
  }
  return new Operation('group', {
    updates: operations.flatMap(({ updates }) => updates),
    evaluated: [...operations.flatMap(({ evaluated }) => evaluated), ...tensors],
    isTraining: operations.some(({ isTraining }) => isTraining),
    isInitializer: operations.some(({ isInitializer }) => isInitializer),
  });
}

/** Which way a condition goes. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { SRC112 } from '../../../diagnostics/source.ts';
import { Node } from '../../../ir/node.ts';
import { textOf } from '../place.ts';
import { refuseHost } from '../refusals.ts';
import type { Scope } from '../scope.ts';

/** The truth of a known value. Tensors have none, unless the question is whether one was given at all. */
export function truth(value: unknown, node: ts.Expression, scope: Scope): boolean {
  if (value instanceof HostReference) refuseHost(scope.world, value, node, 'this condition');
  if (value instanceof Node && !mayBeMissing(node, scope)) {
    return scope.world.fail(
      node,
      SRC112({
        message: `a tensor has no truth value while the program is read`,
        span: scope.world.siteOf(node),
        label: `${textOf(node, 32)} differs from row to row`,
        hint: 'choose between tensors with where(condition, a, b)',
      }),
    );
  }
  return Boolean(value);
}

function mayBeMissing(node: ts.Expression, scope: Scope): boolean {
  const { checker } = scope.world;
  const type = checker.getTypeAtLocation(node);
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
  return checker.getNonNullableType(type) !== type;
}

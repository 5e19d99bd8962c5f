/** Values as text or as operands: only such as turn into one without running code. */

import type { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { SRC115 } from '../../../diagnostics/source.ts';
import { Node } from '../../../ir/node.ts';
import { textOf } from '../place.ts';
import { refuseHost, unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';

export type Primitive = string | number | bigint | boolean | null | undefined;

export function isPrimitive(value: unknown): value is Primitive {
  return (
    value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
  );
}

/** The primitive that a value stands for in arithmetic and text; `wanted` names what is needed. */
export function primitive(value: unknown, node: ts.Node, scope: Scope, wanted: string): Primitive {
  if (isPrimitive(value)) return value;
  if (value instanceof HostReference) refuseHost(scope.world, value, node, wanted);
  if (value instanceof Node)
    refuseTensor(
      node,
      scope,
      wanted,
      'a tensor has no value until the program runs; use the ops of millrace on it',
    );
  if (value instanceof URL) return value.href;
  if (Array.isArray(value))
    return value.map((item) => (item == null ? '' : String(primitive(item, node, scope, wanted)))).join(',');
  return unsupported(
    scope.world,
    node,
    `${describe(value)} as ${wanted}`,
    'convert it first, for example with JSON.stringify(…)',
  );
}

export function textual(value: unknown, node: ts.Node, scope: Scope): string {
  return String(primitive(value, node, scope, 'text'));
}

export function refuseTensor(node: ts.Node, scope: Scope, wanted: string, hint: string): never {
  return scope.world.fail(
    node,
    SRC115({
      message: `a tensor stands where ${wanted} is needed`,
      span: scope.world.siteOf(node),
      label: `${textOf(node, 32)} is a tensor`,
      hint,
    }),
  );
}

/** A value in words. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof HostReference) return 'a value of the run';
  if (value instanceof Node) return 'a tensor';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return 'an object';
  return JSON.stringify(value) ?? String(value);
}

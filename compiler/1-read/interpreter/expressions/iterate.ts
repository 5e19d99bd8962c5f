/** The elements of a value that can be walked without running code. */

import type { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { fails, refuseHost } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { describe } from './coercion.ts';

const iterators = new Set([
  '[object Array Iterator]',
  '[object Map Iterator]',
  '[object Set Iterator]',
  '[object String Iterator]',
  '[object RegExp String Iterator]',
]);

export function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === 'string' ||
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
    iterators.has(Object.prototype.toString.call(value))
  );
}

export function iterate(value: unknown, node: ts.Node, scope: Scope): Iterable<unknown> {
  if (value instanceof HostReference) refuseHost(scope.world, value, node, 'what a loop or spread runs over');
  if (isIterable(value)) return value;
  return fails(
    scope.world,
    node,
    `${describe(value)} cannot be iterated over`,
    'arrays, strings, maps and sets can',
  );
}

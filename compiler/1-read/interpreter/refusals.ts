/** The refusals of the static reader that several forms share. */

import type { ts } from 'ts-morph';
import { HostReference } from '../../../dsl/host-reference.ts';
import { SRC110, SRC111, SRC114 } from '../../diagnostics/source.ts';
import { textOf } from './place.ts';
import type { World } from './reading-context.ts';

/** `what` is a noun phrase: `a class`; `instead` says what to write. */
export function unsupported(world: World, node: ts.Node, what: string, instead: string): never {
  return world.fail(
    node,
    SRC110({ message: `the static reader does not cover ${what}`, span: world.siteOf(node), hint: instead }),
  );
}

/** The user's program would throw here when it runs, too. */
export function fails(world: World, node: ts.Node, message: string, hint?: string): never {
  return world.fail(node, SRC114({ message, span: world.siteOf(node), ...(hint !== undefined && { hint }) }));
}

/** `needed` completes "must be known before the program runs": `the number of units`. */
export function refuseHost(world: World, reference: HostReference, node: ts.Node, needed: string): never {
  const born = world.hostReferences.get(reference);
  const span = world.siteOf(node);
  const elsewhere =
    born && (born.file !== span.file || born.line !== span.line || born.column !== span.column);
  return world.fail(
    node,
    SRC111({
      message: `${needed} must be known before the program runs`,
      span,
      label: elsewhere ? `${textOf(node, 32)} exists only at run time` : reference.why,
      labels: elsewhere ? [{ span: born, text: reference.why }] : [],
      received: reference.why,
      hint: 'values of the run belong in data: csv(file), rows, arrays, from, map, filter; write the rest as constants',
    }),
  );
}

/** Gives the value back, unless it exists only at run time. */
export function known(world: World, value: unknown, node: ts.Node, needed: string): unknown {
  return value instanceof HostReference ? refuseHost(world, value, node, needed) : value;
}

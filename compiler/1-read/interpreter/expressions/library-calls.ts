/** Calls of Millrace's own functions, which do run: they build the pipeline and its graph, at the user's call site. */

import type { ts } from 'ts-morph';
import { Batches, Dataset } from '../../../../dsl/dataset.ts';
import { Node } from '../../../ir/node.ts';
import { at } from '../../../ir/site.ts';
import { isPipeline } from '../../reader/trace.ts';
import { textOf } from '../place.ts';
import type { Callable } from '../present.ts';
import { refuseHost } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { guarded, hostInside } from './language-calls.ts';

/** Where a value of the run may stand, by the function's name and the position of the argument. */
const dataArguments: Readonly<Record<string, number>> = { csv: 0, rows: 1, arrays: 1, from: 1 };
const dataMethods: Readonly<Record<string, number>> = { map: 1, filter: 0 };

export function callLibrary(
  callee: Callable,
  object: unknown,
  args: readonly unknown[],
  node: ts.CallExpression,
  scope: Scope,
): unknown {
  const { world } = scope;
  const isDataset = object instanceof Dataset || object instanceof Batches;
  const open = (isDataset ? dataMethods : dataArguments)[callee.name];
  const given = args.map((arg, position) => {
    const host = hostInside(arg, world);
    if (!host) return arg;
    // Data of which a part exists only at run time is, as a whole, a value of the run.
    if (position === open) return host;
    const name = textOf(node.expression);
    return refuseHost(world, host, node.arguments[position] ?? node, `argument ${position + 1} of ${name}`);
  });
  const site = world.siteOf(node);
  const value = world.calling(node, () =>
    guarded(node, scope, () => at(site, () => Reflect.apply(callee, object, given) as unknown)),
  );
  if (isPipeline(value)) world.pipelines.add(value);
  if (value instanceof Node && !value.type) world.untyped.push(value);
  return value;
}

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

/** Where values of the run may stand, by the function's name and the positions of the arguments. */
const dataArguments: Readonly<Record<string, readonly number[]>> = {
  csv: [0, 2],
  rows: [1, 2],
  arrays: [1, 2],
  from: [1, 2],
  jsonLines: [0, 2],
  directory: [0, 2],
  tail: [0, 2],
  parquet: [0, 2],
  arrow: [0, 2],
  sqlite: [0, 1, 3],
  duckdb: [0, 1, 3],
  deadLetter: [0],
  spool: [0, 1],
};
const dataMethods: Readonly<Record<string, readonly number[]>> = { map: [1], filter: [0] };

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
    if (open?.includes(position)) return host;
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

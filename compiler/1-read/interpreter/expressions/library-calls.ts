/** Calls of Millrace's own functions, which do run: they build the pipeline and its graph, at the user's call site. */

import type { ts } from 'ts-morph';
import { Batches, Dataset } from '../../../../dsl/dataset.ts';
import { EventTime } from '../../../../dsl/event-time.ts';
import { hostFunctions, hostMethods } from '../../../../dsl/host-arguments.ts';
import { Node } from '../../../ir/node.ts';
import { at } from '../../../ir/site.ts';
import { isPipeline } from '../../reader/trace.ts';
import { textOf } from '../place.ts';
import type { Callable } from '../present.ts';
import { refuseHost } from '../refusals.ts';
import type { Scope } from '../scope.ts';
import { guarded, hostInside } from './language-calls.ts';

export function callLibrary(
  callee: Callable,
  object: unknown,
  args: readonly unknown[],
  node: ts.CallExpression,
  scope: Scope,
): unknown {
  const { world } = scope;
  const isData = object instanceof Dataset || object instanceof Batches || object instanceof EventTime;
  const { values = [], options = [] } = (isData ? hostMethods : hostFunctions)[callee.name] ?? {};
  const given = args.map((arg, position) => {
    const host = hostInside(arg, world);
    if (!host) return arg;
    // Data of which a part exists only at run time is, as a whole, a value of the run.
    if (values.includes(position)) return host;
    const value = world.present(arg);
    if (options.includes(position) && isRecord(value)) {
      const members = Object.entries(value).map(([name, member]) => [
        name,
        hostInside(member, world) ?? member,
      ]);
      return Object.fromEntries(members);
    }
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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

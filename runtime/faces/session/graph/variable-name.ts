/** What a variable is called in saved files: by its scopes and layers, and its own name. */
import type { Node } from '../../../../compiler/ir/node.ts';

/** `hidden/dense/kernel`; undefined for one without a name of its own. Nothing is numbered: numbers would hang on what else was run. */
export function variableName({ scope, given }: Node): string | undefined {
  if (given === undefined) return undefined;
  const path = [given];
  for (let outer = scope; outer; outer = outer.outer) if (outer.kind === 'layer') path.unshift(outer.name);
  return path.join('/');
}

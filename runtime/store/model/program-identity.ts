/** What a program computes, as one word: the same for the same graphs, wherever in a file they were written. */
import { createHash } from 'node:crypto';
import { print } from '../../../compiler/ir/print.ts';
import type { Module } from '../../../compiler/module.ts';

/** Printing graphs takes as long as a checkpoint may. */
const known = new WeakMap<Module, string>();

export function programIdentity(module: Module): string {
  const identity = known.get(module) ?? identityOf(module);
  known.set(module, identity);
  return identity;
}

function identityOf({ programs, state, lengths }: Module): string {
  const hash = createHash('sha256');
  for (const { id, label, dtype, shape } of state) hash.update(`${id} ${label} ${dtype} ${shape.join()}\n`);
  if (lengths) hash.update(`lengths ${lengths.sizes.join()}\n`);
  for (const { graph } of programs.values()) hash.update(print(graph, { spans: false, names: false }));
  return hash.digest('hex');
}

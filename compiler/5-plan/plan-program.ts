/** Plans a program of a module: what an engine that runs plans asks for, once. One over sequences is planned at their greatest length. */

import { programAt } from '../lengths.ts';
import type { Module } from '../module.ts';
import { programCalled } from '../module.ts';
import type { PlanOptions } from './index.ts';
import { plan } from './index.ts';
import type { Plan } from './plan.ts';

/** How a plan is made; the defaults are the fastest. */
export type PlanChoice = Pick<PlanOptions, 'fuse' | 'reuse' | 'cache'>;

export function planProgram(module: Module, program: string, choice: PlanChoice = {}): Plan {
  const { capacity, state, vocabulary, lengths } = module;
  const longest = lengths?.sizes.at(-1);
  const { graph } =
    longest === undefined ? programCalled(module, program) : programAt(module, program, longest);
  return plan(graph, { capacity, state, roles: vocabulary.roles, ...choice });
}

/** Puts groups in an order in which each runs after what it needs, close to the order in which they were made. */
import type { Group } from './group.ts';

export function inOrder(groups: readonly Group[]): Group[] {
  const order: Group[] = [];
  const state = new Map<Group, 'open' | 'done'>();
  const visit = (group: Group): void => {
    if (state.get(group) === 'done') return;
    if (state.get(group) === 'open') throw new Error('internal: kernels wait for each other');
    state.set(group, 'open');
    for (const before of groups) if (group.after.has(before)) visit(before);
    state.set(group, 'done');
    order.push(group);
  };
  for (const group of groups) visit(group);
  return order;
}

/** Which values must be stored: all that is read anywhere but in the pass that makes it. */
import type { Graph } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { isHeld, ownerOf } from '../1-values/alias.ts';
import type { Group } from '../2-groups/group.ts';

export function storedRoots(graph: Graph, groups: readonly Group[]): Set<Node> {
  const stored = new Set<Node>([...graph.outputs, ...graph.updates].map(({ value }) => ownerOf(value)));
  for (const group of groups) {
    for (const { references } of group.placed) {
      for (const { owner } of references) {
        const made = isHeld(owner) ? undefined : group.find(owner);
        if (!made || (group.folded.length > 0 && made.job.kind === 'point' && made.level === 'inner'))
          stored.add(owner);
      }
    }
  }
  return stored;
}

/** Which groups must run before which, with all that follows from it: kept up to date as groups come to wait for others. */
import type { Group } from './group.ts';
import { NumberSet } from './number-set.ts';

interface Waiting {
  /** Those that it waits for itself, and those that wait for it. */
  readonly before: Set<Group>;
  readonly after: Set<Group>;
  /** The numbers of those that it waits for, however indirectly. */
  readonly ancestors: NumberSet;
}

export class Ancestry {
  private readonly known = new Map<Group, Waiting>();

  /** Makes a group wait for another. */
  wait(group: Group, before: Group): void {
    if (group === before || this.of(group).before.has(before)) return;
    this.of(group).before.add(before);
    this.of(before).after.add(group);
    const stack: [later: Group, earlier: Group][] = [[group, before]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [later, earlier] = next;
      const { ancestors, after } = this.of(later);
      const isKnown = ancestors.has(earlier.number);
      ancestors.add(earlier.number);
      const brings = ancestors.addAll(this.of(earlier).ancestors);
      if (!isKnown || brings) for (const last of after) stack.push([last, later]);
    }
  }

  /** The groups, by number, that must run before this one. */
  before(group: Group): NumberSet {
    return this.of(group).ancestors;
  }

  /** An order in which each group runs after what it waits for, close to the order in which they were begun. */
  order(groups: readonly Group[]): Group[] {
    const order = new Set<Group>();
    for (const first of groups) {
      const stack = [{ group: first, before: this.inOrder(first), next: 0 }];
      for (let top = stack.at(-1); top; top = stack.at(-1)) {
        const before = order.has(top.group) ? undefined : top.before[top.next++];
        if (!before) {
          order.add(top.group);
          stack.pop();
        } else {
          if (this.before(before).has(top.group.number))
            throw new Error('internal: kernels wait for each other');
          stack.push({ group: before, before: this.inOrder(before), next: 0 });
        }
      }
    }
    return [...order];
  }

  private inOrder(group: Group): Group[] {
    return [...this.of(group).before].sort((a, b) => a.number - b.number);
  }

  private of(group: Group): Waiting {
    let found = this.known.get(group);
    if (!found) {
      found = { before: new Set(), after: new Set(), ancestors: new NumberSet() };
      this.known.set(group, found);
    }
    return found;
  }
}

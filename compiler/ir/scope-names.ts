/** Stable names: layers are numbered by first use, as Keras does. */
import type { Scope } from './site.ts';

/** Numbers the owners of scopes: `dense`, `dense_1`, … in the order in which they are asked for. */
export class ScopeNames {
  private readonly given = new Map<object, string>();
  private readonly taken = new Map<string, number>();

  nameOf(scope: Scope): string {
    const before = this.given.get(scope.owner);
    if (before !== undefined) return before;
    const count = this.taken.get(scope.name) ?? 0;
    this.taken.set(scope.name, count + 1);
    const name = count === 0 ? scope.name : `${scope.name}_${count}`;
    this.given.set(scope.owner, name);
    return name;
  }
}

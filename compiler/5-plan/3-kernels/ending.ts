/** Where values are when all kernels have run, and what is copied for that: states change, and old values may still count. */
import type { Graph, Update } from '../../ir/graph.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { ownerOf } from '../1-values/alias.ts';
import type { RegionTable } from '../4-memory/region-table.ts';
import type { LoopKernel } from '../plan.ts';
import { copyKernel } from './copy.ts';

export class Ending {
  /** To run before all else: they set old values of states aside. */
  readonly before: LoopKernel[] = [];
  private readonly regions: RegionTable;
  private readonly changed: ReadonlySet<Node>;
  private readonly aside = new Map<Node, number>();

  constructor({ updates }: Graph, regions: RegionTable) {
    this.regions = regions;
    this.changed = new Set(updates.map(({ target }) => target));
  }

  /** The region in which the value is in the end; that of a state which changes is set aside. */
  regionOf(value: Node): number {
    const owner = ownerOf(value);
    if (!this.changed.has(owner)) return this.regions.of(owner);
    const known = this.aside.get(owner);
    if (known !== undefined) return known;
    const type = typeOf(owner);
    const name = this.regions.nameOf(owner);
    const region = this.regions.add(`old ${name}`, type);
    this.before.unshift(copyKernel(`keep ${name}`, type, this.regions.of(owner), region, value.span));
    this.aside.set(owner, region);
    return region;
  }

  /** Sets a state whose new value was made elsewhere. */
  set({ target, value }: Update): LoopKernel {
    const from = this.regionOf(value);
    return copyKernel(`set ${target.name}`, typeOf(value), from, this.regions.of(target), value.span);
  }
}

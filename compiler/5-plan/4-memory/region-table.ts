/** The regions of a program's memory, numbered as they are first asked for: states, then what kernels touch in their order. */
import { product, valueOf } from '../../ir/dim.ts';
import { isVariable, leafOf } from '../../ir/facts.ts';
import type { Node, TensorType } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { StateEntry } from '../../module.ts';
import type { Region } from '../plan.ts';

/** A region before it has a place. */
export type Draft = Omit<Region, 'offset'>;

/** Vector loops may run into the padding, so every region starts and ends at a multiple of this. */
const alignment = 16;

export interface RegionTableParts {
  readonly capacity: number;
  readonly state: readonly StateEntry[];
  readonly names: ReadonlyMap<Node, string>;
  /** Values that are made right in a state's memory. */
  readonly inPlace: ReadonlyMap<Node, Node>;
}

export class RegionTable {
  readonly drafts: Draft[] = [];
  private readonly parts: RegionTableParts;
  private readonly numbers = new Map<Node, number>();
  private readonly states = new Map<string, number>();

  constructor(parts: RegionTableParts) {
    this.parts = parts;
    for (const { id, dtype, shape } of parts.state)
      this.states.set(id, this.draft({ name: id, kind: 'state', dtype, shape }));
  }

  /** The region of a value. */
  of(owner: Node): number {
    const known = this.numbers.get(owner);
    if (known !== undefined) return known;
    const target = this.parts.inPlace.get(owner);
    const number = target ? this.of(target) : this.found(owner);
    this.numbers.set(owner, number);
    return number;
  }

  /** A region of its own for a copy. */
  add(name: string, type: TensorType): number {
    return this.draft({ name, kind: 'arena', ...type });
  }

  nameOf(owner: Node): string {
    return this.parts.names.get(owner)!;
  }

  private found(owner: Node): number {
    const { dtype, shape } = typeOf(owner);
    const leaf = leafOf(owner);
    if (isVariable(owner)) {
      const number = this.states.get(owner.name ?? '');
      if (number === undefined) throw new Error(`internal: there is no state ${owner.name}`);
      return number;
    }
    const name = this.nameOf(owner);
    if (leaf?.is === 'column') return this.draft({ name, kind: 'input', dtype, shape });
    if (leaf?.is === 'literal')
      return this.draft({ name, kind: 'literal', dtype, shape, values: leaf.values(owner.attributes) });
    return this.draft({ name, kind: 'arena', dtype, shape });
  }

  private draft(draft: Omit<Draft, 'bytes'>): number {
    const bytes = 4 * valueOf(product(draft.shape), { B: this.parts.capacity });
    return this.drafts.push({ ...draft, bytes: Math.ceil(bytes / alignment) * alignment }) - 1;
  }
}

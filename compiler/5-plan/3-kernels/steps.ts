/** Writes an expression as the scalar steps of a stage: each value once, views as addresses. */

import type { Dim } from '../../../dsl/tensor.ts';
import { stridesOf } from '../../ir/dim.ts';
import { leafOf } from '../../ir/facts.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Primitive } from '../../op/card.ts';
import { isHeld, ownerOf } from '../1-values/alias.ts';
import type { Coordinates } from '../2-groups/coordinates.ts';
import { addressing, coordinatesKey, fixed, following, throughView } from '../2-groups/coordinates.ts';
import { throughGather } from '../2-groups/references.ts';
import type { Access, Step } from '../plan.ts';

/** What the surroundings of a stage provide. */
export interface Surroundings {
  /** How many loops the kernel has. */
  readonly loops: number;
  readonly kept: ReadonlySet<Node>;
  readonly regionOf: (owner: Node) => number;
  /** A value that the kernel itself has made, if it can be had without memory. */
  readonly made: (owner: Node, seen: Node, coordinates: Coordinates) => Step | number | undefined;
  /** Computes a value once for all points of the inner loops, if that is possible. */
  readonly hoist?: (node: Node, coordinates: Coordinates) => Step | undefined;
  /** Loops as the kernel has them, from strides over frame axes. */
  readonly arrange: (strides: readonly Dim[]) => Dim[];
}

export class Steps {
  readonly body: Step[] = [];
  private readonly around: Surroundings;
  private readonly known = new Map<string, number>();
  private readonly ids = new Map<Node, number>();

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** The step that holds the element of `node` at `coordinates`. `root` is the node being made: not looked up. */
  valueOf(node: Node, coordinates: Coordinates, root?: Node): number {
    const key = `${this.idOf(node)}@${coordinatesKey(coordinates)}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const step = this.make(node, coordinates, root);
    const index = typeof step === 'number' ? step : this.push(step);
    this.known.set(key, index);
    return index;
  }

  /** An address in the memory of a value. */
  access(seen: Node, coordinates: Coordinates, looked: NonNullable<Access['lookups']> = []): Access {
    const { strides, offset, far } = addressing(typeOf(seen), coordinates, this.around.loops);
    const region = this.around.regionOf(ownerOf(seen));
    // A lookup whose index is a constant adds what an offset, which is a number, cannot say.
    const lookups = [
      ...looked,
      ...far.map(({ count, stride, limit }) => ({ value: this.whole(count), stride, limit })),
    ];
    return { region, strides: this.around.arrange(strides), offset, ...(lookups.length > 0 && { lookups }) };
  }

  private whole(value: number): number {
    const key = `whole ${value}`;
    const index = this.known.get(key) ?? this.push({ kind: 'constant', value, dtype: 'int32' });
    this.known.set(key, index);
    return index;
  }

  push(step: Step): number {
    this.body.push(step);
    return this.body.length - 1;
  }

  private make(node: Node, coordinates: Coordinates, root: Node | undefined): Step | number {
    const { dtype } = typeOf(node);
    const owner = ownerOf(node);
    if (node !== root) {
      const made = this.around.kept.has(owner) ? this.around.made(owner, node, coordinates) : undefined;
      if (made !== undefined) return made;
      if (isHeld(owner) || this.around.kept.has(owner))
        return { kind: 'read', access: this.access(node, coordinates), dtype };
    }
    const through = throughView(node, coordinates);
    if (through) return this.valueOf(node.inputs[0]!, through, root);
    const { card, attributes } = node;
    if (card.kind === 'leaf') return this.leaf(node, coordinates);
    const hoisted = this.around.hoist?.(node, coordinates);
    if (hoisted) return hoisted;
    if (card.kind === 'gather') return this.gathered(node, coordinates);
    if (card.kind !== 'map' && card.kind !== 'zip' && card.kind !== 'random') {
      throw new Error(`internal: ${card.name} has no memory and is no elementwise op`);
    }
    const args =
      card.kind === 'random'
        ? this.randomArguments(node, coordinates)
        : node.inputs.map((input) => this.valueOf(input, coordinates));
    return { kind: 'op', card: card satisfies Primitive, attributes, args, dtype };
  }

  private leaf(node: Node, coordinates: Coordinates): Step {
    const { card, attributes } = node;
    const { dtype } = typeOf(node);
    const leaf = leafOf(node);
    switch (leaf?.is) {
      case 'constant':
        return { kind: 'constant', value: leaf.value(attributes), dtype };
      case 'size':
        return { kind: 'dimension', size: leaf.size(attributes), dtype };
      case 'coordinate': {
        const { terms, start } = coordinates[leaf.axis(attributes)]!;
        const strides: Dim[] = Array.from(
          { length: this.around.loops },
          (_, i) => terms.find(({ loop }) => loop === i)?.step ?? 0,
        );
        return { kind: 'index', strides: this.around.arrange(strides), offset: start, dtype };
      }
      default:
        throw new Error(`internal: no value for the leaf ${card.name}`);
    }
  }

  /** Two words of the seed, the step, and the element's number in row-major order. */
  private randomArguments(node: Node, coordinates: Coordinates): number[] {
    const [seed, step] = node.inputs as [Node, Node];
    const word = (start: number): number => this.valueOf(seed, [fixed(start)]);
    const { strides, offset, far } = addressing(typeOf(node), coordinates, this.around.loops);
    if (far.length > 0) throw new Error('internal: random numbers seen through a slice over a symbolic axis');
    const lane = this.push({ kind: 'index', strides: this.around.arrange(strides), offset, dtype: 'int32' });
    return [word(0), word(1), this.valueOf(step, following([], [])), lane];
  }

  private gathered(node: Node, coordinates: Coordinates): Step {
    const [source, indices] = node.inputs as [Node, Node];
    const where = throughGather(node, coordinates);
    const { shape } = typeOf(source);
    const value = this.valueOf(indices, where.indices);
    const lookup = { value, stride: stridesOf(shape)[where.axis]!, limit: shape[where.axis]! };
    return { kind: 'read', access: this.access(source, where.source, [lookup]), dtype: typeOf(node).dtype };
  }

  private idOf(node: Node): number {
    const id = this.ids.get(node) ?? this.ids.size;
    this.ids.set(node, id);
    return id;
  }
}

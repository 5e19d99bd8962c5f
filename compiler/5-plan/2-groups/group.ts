/** A kernel in the making: jobs that run over the same loops, in one pass or in several. */
import type { Dim, Shape } from '../../../dsl/tensor.ts';
import { sameShape } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import type { Coordinates } from './coordinates.ts';
import { following } from './coordinates.ts';
import type { Job } from './job.ts';
import { isPartial } from './job.ts';
import type { Reference } from './references.ts';

/** Where a job's value stands: at each point of all loops, or once for all points of the folded ones. */
export type Level = 'inner' | 'outer';

export interface Placed {
  readonly job: Job;
  readonly level: Level;
  /** The coordinates of the job's value, and of what it gives, with frame axes for loops. */
  readonly coordinates: Coordinates;
  readonly references: readonly Reference[];
  /** How far its value is from what lies in memory, or is made by other jobs. */
  readonly depth: number;
}

export class Group {
  /** Its place in the order in which groups were begun. */
  readonly number: number;
  readonly kind: 'loop' | 'contract';
  readonly shape: Shape;
  readonly placed: Placed[] = [];
  private axes: readonly number[] = [];
  private readonly byRoot = new Map<Node, Placed[]>();
  private readonly owners = new Set<Node>();
  private readonly depths = new Map<Node, number>();

  constructor(number: number, kind: 'loop' | 'contract', shape: Shape) {
    this.number = number;
    this.kind = kind;
    this.shape = shape;
  }

  /** The axes of the loops that folds run over. */
  get folded(): readonly number[] {
    return this.axes;
  }

  add(placed: Placed): void {
    const { job, references } = placed;
    // A fold brings its axes to a group of plain loops.
    if (job.kind === 'fold') this.axes = job.folded;
    this.depths.set(job.root, this.depthOf(placed));
    this.placed.push(placed);
    this.byRoot.set(job.root, [...this.makersOf(job.root), placed]);
    this.owners.add(job.root);
    for (const { owner } of references) this.owners.add(owner);
  }

  /** The jobs here that fill the memory of a value, or part of it. */
  makersOf(root: Node): readonly Placed[] {
    return this.byRoot.get(root) ?? [];
  }

  /** The job here that makes the whole value, each element where its loops are. */
  find(root: Node): Placed | undefined {
    return this.byRoot.get(root)?.find(({ job }) => !isPartial(job));
  }

  /** Whether the value is read or made here. */
  touches(value: Node): boolean {
    return this.owners.has(value);
  }

  /** How many values are read or made here. */
  get touched(): number {
    return this.owners.size;
  }

  /** How far the job's value is from memory, through what else is made here. */
  depthOf({ references, depth }: Placed): number {
    return references.reduce(
      (most, { owner }) => Math.max(most, depth + (this.depths.get(owner) ?? 0)),
      depth,
    );
  }

  /** The coordinates of a result when it stands at a level of this frame; undefined where it does not fit. */
  coordinatesFor(shape: Shape, level: Level): Coordinates | undefined {
    const { folded } = this;
    const every = this.shape.map((_, axis) => axis);
    if (level === 'inner') return sameShape(shape, this.shape) ? following(shape, every) : undefined;
    const [dropped, kept] = outerShapes(this.shape, folded);
    if (sameShape(shape, dropped))
      return following(
        shape,
        every.filter((axis) => !folded.includes(axis)),
      );
    const squeezed = every.map((axis) => (folded.includes(axis) ? null : axis));
    return sameShape(shape, kept) ? following(shape, squeezed) : undefined;
  }
}

/** The shapes of what a fold leaves: its axes dropped, or kept with size one. */
export function outerShapes(shape: Shape, folded: readonly number[]): [dropped: Shape, kept: Shape] {
  return [
    shape.filter((_, axis) => !folded.includes(axis)),
    shape.map((size, axis): Dim => (folded.includes(axis) ? 1 : size)),
  ];
}

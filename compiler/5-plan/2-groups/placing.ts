/** Puts a job over a group's loops: which element of each value it makes and reads at each point of them. */
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { ownerOf } from '../1-values/alias.ts';
import { depthOf } from '../1-values/expression.ts';
import type { Coordinates } from './coordinates.ts';
import { coordinatesKey, following, throughView } from './coordinates.ts';
import type { Group, Level, Placed } from './group.ts';
import type { Job } from './job.ts';
import { layoutOf } from './operand.ts';
import type { Reference } from './references.ts';
import { referencesOf } from './references.ts';
import { scatterIndices } from './scatter.ts';

/** One job, tried in one place after the other. What it reads at given coordinates is found out once. */
export class Placing {
  readonly job: Job;
  private readonly kept: ReadonlySet<Node>;
  private readonly depth: number;
  private readonly found = new Map<string, readonly Reference[]>();

  constructor(job: Job, kept: ReadonlySet<Node>) {
    this.job = job;
    this.kept = kept;
    this.depth = depthOf(job.value, kept, job.root);
  }

  /** On its own: over the loops of its frame. */
  own(): Placed {
    const { frame } = this.job;
    const axes = frame.map((_, axis) => axis);
    return this.at(following(frame, axes), 'inner');
  }

  /** At a level of the group, if its frame fits there. */
  within(group: Group, level: Level): Placed | undefined {
    const coordinates = group.coordinatesFor(this.job.frame, level);
    return coordinates && this.at(coordinates, level);
  }

  /**
   * A value of the group's with its axes in another order is laid down where it is made: each of its axes follows the
   * loop that walks it there. The last stays last, so that what is made in a row is stored in a row.
   */
  permuted(group: Group): Placed | undefined {
    const { shape } = typeOf(this.job.root);
    const { value, coordinates: where } = this.seen();
    const made = where && group.find(value);
    if (!where || !made || made.level !== 'inner') return undefined;
    const loops: (number | null)[] = shape.map(() => null);
    for (const [axis, { terms, start }] of where.entries()) {
      const [walked] = terms;
      const [loop] = made.coordinates[axis]!.terms;
      if (start !== 0 || terms.length > 1 || walked?.step !== loop?.step) return undefined;
      if (walked && loop) loops[walked.loop] = loop.loop;
    }
    const isWhole = shape.every((size, axis) => size === 1 || loops[axis] !== null);
    const isLastLast = loops.at(-1) === group.shape.length - 1;
    return isWhole && isLastLast ? this.at(following(shape, loops), 'inner') : undefined;
  }

  /** The value in memory that the job shows through views, and where; without coordinates if it does more than show one. */
  seen(): { readonly value: Node; readonly coordinates: Coordinates | undefined } {
    const { root } = this.job;
    const { shape } = typeOf(root);
    let value = this.job.value;
    let coordinates: Coordinates | undefined = following(
      shape,
      shape.map((_, axis) => axis),
    );
    while (coordinates && !(value !== root && this.kept.has(ownerOf(value)))) {
      coordinates = throughView(value, coordinates);
      if (coordinates) value = value.inputs[0]!;
    }
    return { value, coordinates };
  }

  private at(coordinates: Coordinates, level: Level): Placed {
    const key = coordinatesKey(coordinates);
    const references = this.found.get(key) ?? this.references(coordinates);
    this.found.set(key, references);
    return { job: this.job, level, coordinates, references, depth: this.depth };
  }

  private references(coordinates: Coordinates): readonly Reference[] {
    const { kind, root, value } = this.job;
    if (kind === 'contract') return operandReads(root);
    const read = referencesOf(value, coordinates, this.kept, value === root ? root : undefined);
    if (kind !== 'scatter') return read;
    const [indices] = root.inputs as [Node];
    return [...read, ...referencesOf(indices, scatterIndices(root, coordinates), this.kept)];
  }
}

function operandReads(contraction: Node): Reference[] {
  return contraction.inputs.map((input, side) => {
    const layout = layoutOf(contraction, side as 0 | 1, false) ?? layoutOf(contraction, side as 0 | 1, true)!;
    return { owner: layout.base, seen: input, coordinates: [], anywhere: true };
  });
}

/** Snapshots that hooks asked for, in memory, by their names. */
import type { Evaluation } from '../../events/event.ts';
import type { Snapshot } from '../loaded-pipeline.ts';

export interface Kept {
  readonly values: Snapshot;
  /** After how many steps of the run it was taken. */
  readonly step: number;
  /** What was measured of these weights last. */
  readonly validation: Evaluation | undefined;
}

export class Snapshots {
  private readonly kept = new Map<string, Kept>();

  get names(): readonly string[] {
    return [...this.kept.keys()];
  }

  get all(): ReadonlyMap<string, Kept> {
    return this.kept;
  }

  keep(generation: string, kept: Kept): void {
    this.kept.set(generation, kept);
  }

  get(generation: string): Kept | undefined {
    return this.kept.get(generation);
  }
}

/** What the open stages of one dataset have on their hands: rows read and not given yet, and positions to acknowledge. */
import type { Stage } from '../../dsl/stage.ts';

/** Called when a checkpoint is taken; gives what is called once that is durable. */
export type Settling = () => () => void | Promise<void>;

/** A stage that is opened again takes the place that it had. */
export class Ledger {
  private readonly holders = new Map<Stage, () => number>();
  private readonly settlings = new Map<Stage, Settling>();
  private readonly memories = new Map<Stage, Map<string, unknown>>();

  /** Whether a source among them pushes its rows: such data may never end. */
  isPushed = false;

  holds(stage: Stage, waiting: () => number, isPushed = false): void {
    if (isPushed) this.isPushed = true;
    this.holders.set(stage, waiting);
  }

  settles(stage: Stage, settling: Settling): void {
    this.settlings.set(stage, settling);
  }

  memoryOf(stage: Stage): Map<string, unknown> {
    const memory = this.memories.get(stage) ?? new Map<string, unknown>();
    this.memories.set(stage, memory);
    return memory;
  }

  /** Rows that were read and not given yet. */
  waiting(): number {
    let rows = 0;
    for (const waiting of this.holders.values()) rows += waiting();
    return rows;
  }

  /** To be called when a checkpoint is taken; what it gives is to be called once that is durable. */
  settle(): () => Promise<void> {
    const settled = [...this.settlings.values()].map((settling) => settling());
    return async () => {
      await Promise.all(settled.map(async (acknowledge) => acknowledge()));
    };
  }
}

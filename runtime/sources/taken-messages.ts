/** Messages that were taken from a queue and those that were acknowledged last: what is delivered again is known by its id. */

export interface TakenPosition {
  /** How many messages were taken in all. */
  readonly taken: number;
  /** The ids of those that may be delivered again, the newest last. Later ones may follow, which do not count. */
  readonly ids: readonly string[];
  /** How many of those ids count. */
  readonly count: number;
}

interface Taken {
  readonly number: number;
  readonly id: string | undefined;
  /** Acknowledges it over the connection that delivered it last. */
  settle: () => void;
}

export class TakenMessages {
  private number: number;
  /** Acknowledged, perhaps over a connection that broke before the broker heard of it. */
  private settled: readonly string[];
  private readonly taken: Taken[] = [];
  private readonly byId = new Map<string, Taken | undefined>();
  /** Those of all positions since the last acknowledgement: it is only added to, so that it costs nothing to keep one. */
  private ids: string[] = [];

  constructor(from: TakenPosition | undefined) {
    this.number = from?.taken ?? 0;
    this.settled = from?.ids.slice(0, from.count) ?? [];
    this.index();
  }

  get unacknowledged(): number {
    return this.taken.length;
  }

  /** The position after a message; undefined for one that is in the model already. */
  take(id: string | undefined, settle: () => void): TakenPosition | undefined {
    if (id !== undefined && this.byId.has(id)) {
      const before = this.byId.get(id);
      if (before) before.settle = settle;
      else settle();
      return undefined;
    }
    const message = { number: ++this.number, id, settle };
    this.taken.push(message);
    if (id !== undefined) {
      this.byId.set(id, message);
      this.ids.push(id);
    }
    return { taken: this.number, ids: this.ids, count: this.ids.length };
  }

  /** Acknowledges all messages up to a position. */
  acknowledge({ taken: last }: TakenPosition): void {
    const settled: string[] = [];
    while (this.taken[0] && this.taken[0].number <= last) {
      const { id, settle } = this.taken[0];
      settle();
      if (id !== undefined) settled.push(id);
      this.taken.shift();
    }
    if (settled.length === 0) return;
    this.settled = settled;
    this.index();
  }

  private index(): void {
    this.byId.clear();
    for (const id of this.settled) this.byId.set(id, undefined);
    for (const message of this.taken) if (message.id !== undefined) this.byId.set(message.id, message);
    this.ids = [...this.byId.keys()];
  }
}

/** Rows that came and were not trained on: counted as they are rejected, told of between batches. */
import type { RejectionReason } from '../../dsl/stage.ts';
import type { Told } from '../commands/command.ts';
import type { Rejection } from '../data/rows.ts';
import type { RunState } from './run-state.ts';

type Data = 'training' | 'validation';

interface Waiting {
  readonly reason: RejectionReason;
  readonly data: Data;
  readonly stage: string;
  count: number;
}

export class Rejections {
  private readonly state: RunState;
  private readonly tell: (event: Told) => void;
  private readonly waiting = new Map<string, Waiting>();

  constructor(state: RunState, tell: (event: Told) => void) {
    this.state = state;
    this.tell = tell;
  }

  get areWaiting(): boolean {
    return this.waiting.size > 0;
  }

  add(data: Data, { reason, rows, stage }: Rejection): void {
    if (rows === 0) return;
    const key = `${data} ${reason} ${stage}`;
    const waiting = this.waiting.get(key) ?? { reason, data, stage, count: 0 };
    waiting.count += rows;
    this.waiting.set(key, waiting);
    const { rejected } = this.state;
    rejected[reason] = (rejected[reason] ?? 0) + rows;
  }

  /** Tells of those since the last time. */
  tellAll(): void {
    for (const { reason, data, stage, count } of this.takeAll()) {
      const total = this.state.rejected[reason] ?? count;
      this.tell({ type: 'recordRejected', reason, data, stage, count, total });
    }
  }

  private takeAll(): readonly Waiting[] {
    const all = [...this.waiting.values()];
    this.waiting.clear();
    return all;
  }
}

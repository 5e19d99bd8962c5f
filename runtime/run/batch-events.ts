/** Makes the events of batches, of which there may be a million a second: with as little work as their contents allow. */
import type { BatchPorts, EvaluationPorts } from '../../compiler/programs/contract.ts';
import type { Numbers, Runnable } from '../engines/engine.ts';
import type { BatchFinished, BatchStarted, Metrics } from '../events/event.ts';
import { outputOf } from './output-of.ts';
import type { RunState } from './run-state.ts';

interface Read {
  readonly label: string;
  readonly values: Numbers;
}

export class BatchEvents {
  private readonly state: RunState;
  private readonly loss: Numbers;
  private readonly losses: readonly Read[];
  private readonly metrics: readonly Read[];
  private readonly batchMetrics: readonly Read[] | undefined;

  /** Losses and `batchMetrics` are those of the batch, metrics those of the epoch so far. */
  constructor(
    state: RunState,
    program: Runnable,
    batch: BatchPorts,
    epoch: EvaluationPorts,
    wantBatchMetrics: boolean,
  ) {
    const read = (id: string): Numbers => outputOf(program, id);
    this.state = state;
    this.loss = read(batch.loss);
    this.losses = batch.losses.map(({ label, id }) => ({ label, values: read(id) }));
    this.batchMetrics = wantBatchMetrics
      ? (batch.metrics ?? []).map(({ label, id }) => ({ label, values: read(id) }))
      : undefined;
    this.metrics = epoch.metrics.map(({ label, id }) => ({ label, values: read(id) }));
  }

  started(size: number, time: number): BatchStarted {
    const { state } = this;
    return { type: 'batchStarted', number: ++state.events, time, step: state.step, epoch: state.epoch, size };
  }

  finished(size: number, time: number): BatchFinished {
    const event = this.usual(size, time);
    return this.batchMetrics ? { ...event, batchMetrics: valuesOf(this.batchMetrics) } : event;
  }

  /** Written out twice: spreading an object costs more than all the rest of a small step. */
  private usual(size: number, time: number): BatchFinished {
    const { state } = this;
    const { step, epoch } = state;
    const number = ++state.events;
    const loss = this.loss[0] ?? Number.NaN;
    const metrics = valuesOf(this.metrics);
    if (this.losses.length === 0)
      return { type: 'batchFinished', number, time, step, epoch, size, loss, metrics };
    const losses = valuesOf(this.losses);
    return { type: 'batchFinished', number, time, step, epoch, size, loss, losses, metrics };
  }
}

function valuesOf(reads: readonly Read[]): Metrics {
  const values: Record<string, number> = {};
  for (const { label, values: numbers } of reads) values[label] = numbers[0] ?? Number.NaN;
  return values;
}

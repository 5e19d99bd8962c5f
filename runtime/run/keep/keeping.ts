/** Keeps a run: takes checkpoints of all that it is made of, at boundaries of batches, and the last one when it ends. */
import type { Batches } from '../../../dsl/dataset.ts';
import type { CheckpointNow } from '../../commands/checkpoint.ts';
import type { BatchSource, Feed } from '../../data/batch-source.ts';
import { firstNotFinite } from '../../data/finite.ts';
import { signatureOf } from '../../data/signature.ts';
import type { Evaluation } from '../../events/event.ts';
import { programIdentity } from '../../store/model/program-identity.ts';
import { programText } from '../../store/model/save.ts';
import type { Tensors } from '../../store/safetensors.ts';
import type { OpenedRun } from '../begin/opening.ts';
import type { EventLoopSlices } from '../event-loop-slices.ts';
import type { LoadedPipeline } from '../loaded-pipeline.ts';
import type { Settings } from '../options.ts';
import type { RunState } from '../run-state.ts';
import { capture } from './capture.ts';
import type { RunCheckpoints, Taken } from './run-checkpoints.ts';

/** Where the run stands. */
export interface Standing {
  readonly feed: Feed;
  /** Of the open epoch. */
  readonly source: BatchSource | undefined;
  /** Over the rows of the open epoch so far. */
  readonly seen: Evaluation | undefined;
  readonly loss: number | undefined;
}

interface Kept extends Pick<OpenedRun, 'state' | 'hooks' | 'snapshots'> {
  readonly loaded: LoadedPipeline;
  readonly checkpoints: RunCheckpoints;
  readonly slices: EventLoopSlices;
  readonly settings: Settings;
  readonly data: Batches;
  /** Undefined before the data are opened. */
  readonly standing: () => Standing | undefined;
}

export class Keeping {
  private readonly kept: Kept;
  private program: { readonly text: string; readonly identity: string } | undefined;
  /** What the last checkpoint is to hold. */
  private last: Taken | undefined;

  constructor(kept: Kept) {
    this.kept = kept;
  }

  /** Whether the end of the run is kept already. */
  get hasLast(): boolean {
    return this.last !== undefined;
  }

  /** Takes a checkpoint, unless one is being written: then the next one comes soon enough. */
  async now(directory: string, metric: CheckpointNow['metric']): Promise<void> {
    const { checkpoints } = this.kept;
    if (!checkpoints.isFree(directory)) return;
    const taken = await this.take();
    if (taken) checkpoints.write(taken, directory, metric);
  }

  /** Takes what is to be written when the run has ended; the first time counts. */
  async end(): Promise<void> {
    this.last ??= await this.take();
  }

  /**
   * The same where the run has failed between two steps, at which it is as whole as where it is cancelled. Numbers that are not
   * finite would only be what it fails of next.
   */
  async afterFailure(): Promise<void> {
    if (this.last) return;
    const taken = await this.take();
    if (!taken || !Number.isFinite(taken.loss ?? 0)) return;
    if ([...taken.tensors.values()].every(areFinite)) this.last = taken;
  }

  /** Writes what was taken at the end. */
  writeLast(): void {
    if (this.last) this.kept.checkpoints.write(this.last);
  }

  /** All of the run as it stands now; undefined where no hook keeps it. */
  private async take(): Promise<Taken | undefined> {
    const { checkpoints, slices, loaded, state, hooks, snapshots, settings, data } = this.kept;
    if (!checkpoints.areWanted) return undefined;
    // Positions are told at the beginning of a turn of the event loop.
    await slices.rest();
    const standing = this.kept.standing();
    if (!standing) return undefined;
    const { feed, source, seen, loss } = standing;
    const { seed, clock } = settings;
    const { hooks: known, asked, failedOf } = hooks.known;
    // An evaluation is made anew, with all that is told of it.
    const untold = state.beforeEvaluation === undefined ? failedOf : undefined;
    const now: RunState = {
      ...state,
      hooks: known,
      asked,
      untold,
      events: state.beforeEvaluation ?? (untold ? untold.number - 1 : state.events),
      beforeEvaluation: undefined,
      seen,
      data: state.epochBegan === undefined ? undefined : source ? source.state() : state.data,
    };
    const { module } = loaded.compiled;
    this.program ??= { text: programText({ loaded, seed }), identity: programIdentity(module) };
    const { text, identity } = this.program;
    return {
      ...capture(loaded, now, snapshots, { seed, program: identity, data: signatureOf(data) }),
      step: state.step,
      epoch: state.epoch,
      time: clock.now(),
      loss,
      program: text,
      settle: feed.settle(),
    };
  }
}

function areFinite(tensors: Tensors): boolean {
  return [...tensors.values()].every(({ values }) => firstNotFinite(values) === undefined);
}

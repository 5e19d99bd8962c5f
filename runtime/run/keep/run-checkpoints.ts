/** The checkpoints of a run: opened before it begins, taken between batches, written while it goes on, told of when they are durable. */
import { DiagnosticError, refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { STO804 } from '../../../compiler/diagnostics/stored.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import type { CheckpointNow } from '../../commands/checkpoint.ts';
import type { Told } from '../../commands/command.ts';
import type { Hook } from '../../hooks/define-hook.ts';
import { Checkpoints } from '../../store/checkpoints.ts';
import { failureOf } from '../failure.ts';
import type { Capture } from './capture.ts';

/** What a checkpoint is made of, at the boundary of a batch. */
export interface Taken extends Capture {
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
  readonly loss: number | undefined;
  readonly program: string;
  /** Called when all is durable: sources acknowledge what they gave. */
  readonly settle: () => Promise<void>;
}

interface Place {
  readonly directory: string;
  readonly store: Checkpoints;
  /** The write that is under way. */
  writing: Promise<void> | undefined;
}

/** A run that begins anew would retire what another one has left. */
async function refuseTaken(store: Checkpoints, span: Span): Promise<void> {
  const { generations, damaged } = await store.list();
  const count = generations.length + damaged.length;
  if (count === 0) return;
  refuse(
    STO804({
      message: 'the directory holds the checkpoints of a run, and this one begins anew',
      span,
      expected: 'resume: true, or a directory of its own',
      received: `${count} checkpoints in ${store.path}`,
      hint: 'resume: true goes on from them; checkpoint(directory, { fresh: true }) begins anew and retires them',
    }),
  );
}

export class RunCheckpoints {
  private readonly places: readonly Place[];
  private readonly span: Span;
  /** What is to be told at the next boundary. */
  private news: Told[] = [];

  private constructor(places: readonly Place[], span: Span) {
    this.places = places;
    this.span = span;
  }

  /** Takes the directories of the hooks for this run. STO801 where another run has one of them, STO804 where one has been there. */
  static async open(hooks: readonly Hook[], span: Span, resumes: boolean): Promise<RunCheckpoints> {
    const places: Place[] = [];
    try {
      for (const { checkpoints } of hooks) {
        if (!checkpoints) continue;
        const { directory, keep, fresh } = checkpoints;
        const store = await Checkpoints.open(directory, { keep, span });
        places.push({ directory, store, writing: undefined });
        if (!resumes && !fresh) await refuseTaken(store, span);
      }
    } catch (error) {
      await new RunCheckpoints(places, span).close();
      throw error;
    }
    return new RunCheckpoints(places, span);
  }

  /** The directory that `resume: true` means: that of the first hook. */
  get first(): Checkpoints | undefined {
    return this.places[0]?.store;
  }

  get areWanted(): boolean {
    return this.places.length > 0;
  }

  /** Whether one can be taken into this directory now: while one is written, the next one waits. */
  isFree(directory: string): boolean {
    return this.places.some((place) => place.directory === directory && !place.writing);
  }

  get haveNews(): boolean {
    return this.news.length > 0;
  }

  takeNews(): readonly Told[] {
    const { news } = this;
    this.news = [];
    return news;
  }

  /** Begins to write; a failure is news, and what was there before is untouched. */
  write(taken: Taken, directory?: string, metric?: CheckpointNow['metric']): void {
    for (const place of this.places) {
      if (directory !== undefined && place.directory !== directory) continue;
      const before = place.writing ?? Promise.resolve();
      const writing = before
        .then(() => this.written(place, taken, metric))
        .finally(() => {
          if (place.writing === writing) place.writing = undefined;
        });
      place.writing = writing;
    }
  }

  /** Waits for what is being written. */
  async settled(): Promise<void> {
    for (const place of this.places) while (place.writing) await place.writing;
  }

  /** Gives the directories back. */
  async close(): Promise<void> {
    await this.settled();
    for (const { store } of this.places) await store.close().catch(() => {});
  }

  private async written({ store }: Place, taken: Taken, metric: CheckpointNow['metric']): Promise<void> {
    const { settle, step, loss, ...rest } = taken;
    try {
      const { name, bytes } = await store.write({
        ...rest,
        step,
        ...(loss !== undefined && { loss }),
        ...(metric && { metric }),
      });
      this.news.push({ type: 'checkpointSaved', generation: name, place: 'disk', from: step, bytes });
    } catch (error) {
      this.fail(error);
      return;
    }
    try {
      await settle();
    } catch (error) {
      // The rows are safe: a source that was not told gives them again, and they are known.
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const [first] = (error instanceof DiagnosticError ? error : failureOf(error, this.span)).diagnostics;
    if (first) this.news.push({ type: 'checkpointFailed', error: first });
  }
}

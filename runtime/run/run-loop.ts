/** Conducts one run: draws batches, steps, evaluates, tells events and carries out what hooks ask for. */
import { DAT712 } from '../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { CommandedRun } from '../commands/command.ts';
import type { Command } from '../commands/index.ts';
import { countsAtEnd, perform } from '../commands/index.ts';
import { restore } from '../commands/snapshot.ts';
import type { BatchSource, Feed } from '../data/batch-source.ts';
import { noBatches } from '../data/batch-source.ts';
import type { DataContext } from '../data/rows.ts';
import { batchesWithWords } from '../data/words/vocabularies.ts';
import type { Runnable } from '../engines/engine.ts';
import type { EpochFinished, Evaluation } from '../events/event.ts';
import { EventHub, guardSubscribers } from '../events/stream.ts';
import { Serving } from '../serve/serving.ts';
import { BatchEvents } from './batch-events.ts';
import { dataFitted, fitToData } from './begin/fitting.ts';
import type { OpenedRun } from './begin/opening.ts';
import { begin, openingOf, tellUntold } from './begin/opening.ts';
import { prepare } from './begin/prepare.ts';
import { Boundaries } from './boundaries.ts';
import { carryOutDue } from './carry-out.ts';
import { evaluateFeed } from './evaluate-feed.ts';
import { EventLoopSlices } from './event-loop-slices.ts';
import { failureOf } from './failure.ts';
import { RunHooks } from './hooks.ts';
import type { Standing } from './keep/keeping.ts';
import { Keeping } from './keep/keeping.ts';
import { fromKeptPosition } from './keep/kept-position.ts';
import type { RunCheckpoints } from './keep/run-checkpoints.ts';
import { Snapshots } from './keep/snapshots.ts';
import { isWholeAfter } from './keep/whole-after.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';
import { policyText } from './non-finite/policies.ts';
import type { NonFiniteGuard } from './non-finite-guard.ts';
import { guardOf } from './non-finite-guard.ts';
import type { DataSurroundings } from './open-data.ts';
import { openData } from './open-data.ts';
import type { Settings } from './options.ts';
import type { Ending, RunParts } from './parts.ts';
import { Rejections } from './rejections.ts';
import type { RunState } from './run-state.ts';
import { firstState, keepEpoch } from './run-state.ts';
import { Steering } from './steering.ts';
import { Teller } from './teller.ts';
import type { ToldLast } from './terminal.ts';
import { emptyEpoch, failed, finished } from './terminal.ts';

export class RunLoop {
  readonly hub = new EventHub();
  readonly boundaries = new Boundaries();
  readonly steering = new Steering();
  readonly serving: Serving;
  /** Called when the pipeline is loaded. */
  onLoaded: (loaded: LoadedPipeline) => void = () => {};
  /** Called when the run is over but for saying so. */
  onEnding: () => void = () => {};
  private readonly parts: RunParts;
  readonly hooks: RunHooks;
  readonly slices = new EventLoopSlices();
  readonly state: RunState = firstState();
  private readonly snapshots = new Snapshots();
  readonly teller: Teller;
  private readonly rejections: Rejections;
  private readonly tables: DataContext['tables'] = new Map();
  private loaded: LoadedPipeline | undefined;
  private checkpoints: RunCheckpoints | undefined;
  private keeping: Keeping | undefined;
  private guard: NonFiniteGuard | undefined;
  private feed: Feed | undefined;
  private validationFeed: Feed | undefined;
  /** Of the open epoch; one that has ended or failed tells its position still. */
  source: BatchSource | undefined;
  /** How many steps were made with all that followed from them: told of, and carried out what hooks asked for then. */
  whole = 0;
  /** Over the rows of the open epoch so far: as its last step gave it, in this process or in the one before. */
  private seen = (): Evaluation | undefined => this.state.seen;

  constructor(parts: RunParts) {
    this.parts = parts;
    this.serving = new Serving(parts.engine);
    this.hooks = new RunHooks(parts.hooks);
    this.teller = new Teller(this.state, this.hooks, this.hub, parts.settings.clock);
    this.rejections = new Rejections(this.state, (event) => this.teller.tell(event));
  }

  /** The command is carried out at the next batch boundary. */
  ask(command: Command): void {
    this.hooks.ask(command);
  }

  /** From the first event to the last. Never throws. */
  async run(): Promise<Ending> {
    const leave = guardSubscribers();
    let failure: DiagnosticError | undefined;
    /** What broke the run first is what it failed of. */
    const attempt = async (work: () => void | Promise<void>): Promise<void> => {
      try {
        await work();
      } catch (error) {
        failure ??= failureOf(error, this.parts.span);
      }
    };
    await attempt(() => this.train());
    await attempt(() => this.close(failure !== undefined));
    const event = this.teller.stamped(failure ? failed(failure) : this.conclusion());
    this.onEnding();
    await attempt(() => this.hooks.tell(event));
    // Nobody but hooks has heard how it would have ended: the number is used again.
    if (failure && event.type !== 'runFailed') this.state.events--;
    const told = failure && event.type !== 'runFailed' ? this.teller.stamped(failed(failure)) : event;
    this.hub.emit(told);
    await this.checkpoints?.close();
    leave();
    const { loaded, state } = this;
    // The model outlives the run; the steps that the guard remembers do not.
    loaded?.forgetListener();
    return { event: told, loaded, state, evaluation: this.lastEvaluation, failure };
  }

  private async train(): Promise<void> {
    const { data, validation, settings } = this.parts;
    // What takes long comes before the run is announced: from then on the event loop is served between steps.
    const prepared = await prepare(this.parts, this.slices).then(
      (ready) => () => ready,
      (error: unknown) => () => {
        this.teller.tell({ type: 'runStarted', ...openingOf(this.parts) });
        throw error;
      },
    );
    const { loaded, found, checkpoints } = prepared();
    this.loaded = loaded;
    this.checkpoints = checkpoints;
    const before = begin(this.parts, loaded, found, this.opened);
    const fitted = await fitToData(loaded, data, before, {
      ...this.surroundings,
      boundaries: this.boundaries,
    });
    if (fitted && fitted.rows > 0) this.teller.tell(dataFitted(fitted));
    this.keeping = this.keepingOf(loaded);
    this.guard = guardOf(this.parts.hooks, loaded);
    this.serving.open(loaded, settings.seed);
    this.onLoaded(loaded);
    if (!fitted) return;
    const known = (batches: Batches): Batches => batchesWithWords(batches, fitted.vocabularies);
    const feed = await openData(known(data), 'training', this.surroundings);
    if (validation) {
      const { capacity } = loaded.session.program(loaded.contract.evaluate.program);
      this.validationFeed = await openData(known(validation), 'validation', this.surroundings, capacity);
    }
    if (!feed || this.steering.cancelled !== undefined) return;
    this.feed = feed;
    const begun = this.state.step;
    try {
      // What a run was asked for and did not owe yet waits for the next boundary, as it did before it was broken off.
      if (found.point?.captured && !tellUntold(this.state, this.teller)) await this.carryOutDue();
      else await this.carryOut();
      const program = loaded.session.program(loaded.contract.step.program);
      while (this.hasMore(settings) && (await this.trainEpoch(loaded, program, feed)));
    } catch (error) {
      // Data that cannot say any more where they are leave what was kept before; what the run fails of is this error.
      if (this.state.step > begun && isWholeAfter(error, this))
        await this.keeping?.afterFailure().catch(() => {});
      throw error;
    }
    await this.keeping?.end();
  }

  /** Whether there is the rest of an epoch that was begun, or another one. */
  private hasMore({ epochs, steps }: Settings): boolean {
    const { epochBegan, epoch, step } = this.state;
    return epochBegan === undefined
      ? !this.isOver && epoch < epochs && step < steps
      : this.steering.cancelled === undefined;
  }

  /** An epoch, or the rest of one. False when there are no more rows to begin another with. */
  private async trainEpoch(loaded: LoadedPipeline, program: Runnable, feed: Feed): Promise<boolean> {
    const { state, teller } = this;
    const { evaluateEvery } = this.parts.settings;
    if (state.epochBegan === undefined) {
      state.epoch++;
      state.epochBegan = state.step;
      this.source = undefined;
      state.data = undefined;
      state.seen = undefined;
      loaded.resetSums('train');
      const batches = feed.batchesIn(state.epoch - 1);
      teller.tell({ type: 'epochStarted', ...(batches !== undefined && { batches }) });
      await this.carryOut();
    }
    await this.trainBatches(loaded, program, feed);
    this.rejections.tellAll();
    if (this.steering.cancelled !== undefined || state.step === state.epochBegan) return false;
    const due = state.epoch % evaluateEvery === 0;
    const validation = due ? await this.evaluate() : undefined;
    if (this.steering.cancelled !== undefined) return false;
    state.epochBegan = undefined;
    state.data = undefined;
    const finished: EpochFinished = teller.stamped({
      type: 'epochFinished' as const,
      ...(state.seen ?? loaded.evaluation(program, loaded.contract.step.epoch)),
      ...(validation && { validation }),
    });
    state.seen = undefined;
    keepEpoch(state, finished);
    teller.say(finished);
    await this.carryOut();
    return true;
  }

  private async trainBatches(loaded: LoadedPipeline, program: Runnable, feed: Feed): Promise<void> {
    const { hooks, slices, state, teller, rejections, steering } = this;
    const { steps } = this.parts.settings;
    const { batch, epoch } = loaded.contract.step;
    this.source = undefined;
    const source = steering.watch(this.begun(feed));
    this.source = source;
    this.whole = state.step;
    const checkpoints = this.checkpoints;
    const { guard } = this;
    const events = new BatchEvents(state, program, batch, epoch, hooks.wantBatchMetrics);
    const begun = state.step;
    // A program that has not run yet in this process has nothing to say.
    this.seen = () => (state.step > begun ? loaded.evaluation(program, epoch) : state.seen);
    let size = 0;
    try {
      while (!this.isOver && state.step < steps) {
        const next = source.next(program.inputs);
        size = typeof next === 'number' ? next : await next;
        if (steering.isPaused) await this.paused();
        if (size === 0 || steering.cancelled !== undefined) {
          if (size > 0) source.giveBack();
          break;
        }
        if (rejections.areWaiting) rejections.tellAll();
        state.step++;
        if (teller.hears('batchStarted')) teller.say(events.started(size, teller.timeOfBatch(slices.now)));
        guard?.before(size);
        const running = program.runAside ? program.runAside(size) : program.run(size);
        if (running) await this.boundaries.during(running);
        const isDue = slices.due();
        if (teller.hears('batchFinished')) teller.say(events.finished(size, teller.timeOfBatch(slices.now)));
        if (guard?.isBroken(program)) this.mend(guard, program);
        if (hooks.isAsking) await this.carryOut();
        if (checkpoints?.haveNews) this.tellNews();
        this.whole = state.step;
        if (isDue) await slices.rest();
      }
      // A run that ends in the midst of an epoch can be gone on with there.
      if (size > 0 || steering.cancelled !== undefined) await this.keeping?.end();
    } finally {
      state.seen = this.seen();
      this.seen = () => state.seen;
      const left = steering.cancelled === undefined || this.keeping?.hasLast ? 0 : feed.waiting();
      steering.unwatch(source);
      rejections.add('training', { reason: 'cancelled', rows: left, stage: 'batch' });
    }
    if (state.step === state.epochBegan && !this.isOver) this.endOfData();
  }

  /** A step whose loss is no number: the run fails, or goes on as its policy says. */
  private mend(guard: NonFiniteGuard, program: Runnable): void {
    const { step, epoch, epochBegan = 0 } = this.state;
    const { error, steps } = guard.mend(program, { step, epoch }, step - epochBegan);
    this.teller.tell({ type: 'nonFiniteMended', policy: policyText(guard.policy), steps, error });
  }

  /** The batches of the present epoch. A source that cannot be read again has ended where others begin another epoch. */
  private begun(feed: Feed): BatchSource {
    try {
      const open = (): BatchSource => feed.epoch(this.state.epoch - 1, this.state.data);
      return this.state.data === undefined ? open() : fromKeptPosition(open);
    } catch (error) {
      if (!this.mayEnd || !(error instanceof DiagnosticError) || error.diagnostics[0]?.code !== DAT712.code)
        throw error;
      return noBatches;
    }
  }

  /** Whether a run is over when the data are: those that are bounded by steps take what there is. */
  private get mayEnd(): boolean {
    return this.state.step > 0 && !Number.isFinite(this.parts.settings.epochs);
  }

  private endOfData(): void {
    if (!this.mayEnd) throw new DiagnosticError([emptyEpoch(this.state.epoch)]);
    this.state.stopped = 'data';
  }

  /** Evaluates the present weights. */
  private async evaluate(): Promise<Evaluation | undefined> {
    const { loaded, validationFeed } = this;
    return loaded && validationFeed && evaluateFeed(loaded, validationFeed, this);
  }

  /** What is asked for while commands are carried out waits for the next time, so that commands cannot feed themselves. */
  private carryOut(): Promise<void> {
    this.state.due = [...this.state.due, ...this.hooks.takeAsked()];
    return this.carryOutDue();
  }

  private carryOutDue(): Promise<void> {
    return carryOutDue(this.loaded && this.commanded(this.loaded), this.steering);
  }

  private commanded(loaded: LoadedPipeline): CommandedRun {
    return {
      ...this.opened,
      loaded,
      seed: this.parts.settings.seed,
      validates: this.validationFeed !== undefined,
      evaluate: () => this.evaluate(),
      checkpoint: async (directory, metric) => this.keeping?.now(directory, metric),
      publish: async () => {
        const { serving, state, teller } = this;
        if (serving.answersBy(loaded, state.step)) return;
        const { version } = await serving.publish(loaded, state.step);
        teller.tell({ type: 'modelPublished', version });
      },
    };
  }

  private keepingOf(loaded: LoadedPipeline): Keeping | undefined {
    const { checkpoints, slices, opened } = this;
    const { settings, data } = this.parts;
    const standing = (): Standing | undefined => {
      const { feed, source } = this;
      return feed && { feed, source, seen: this.seen(), loss: this.lastEvaluation?.loss };
    };
    return checkpoints && new Keeping({ ...opened, loaded, checkpoints, slices, settings, data, standing });
  }

  private tellNews(): void {
    for (const event of this.checkpoints?.takeNews() ?? []) this.teller.tell(event);
  }

  /** What hooks wanted done at the end, however it came. */
  private async close(hasFailed: boolean): Promise<void> {
    const { loaded, state, checkpoints } = this;
    // Without a loaded pipeline there was nothing to keep.
    if (!loaded) return;
    const run = this.commanded(loaded);
    for (const { hook, command } of [...state.due, ...this.hooks.takeAsked()]) {
      if (countsAtEnd(command, hook)) await perform(command, run, hook);
    }
    this.rejections.tellAll();
    this.keeping?.writeLast();
    await checkpoints?.settled();
    this.tellNews();
    for (const [hook, generation] of Object.entries(state.endings)) {
      if (generation !== undefined) await perform(restore(generation), run, hook);
    }
    // Whoever asks afterwards is answered by what training left.
    if (!hasFailed && this.serving.version) await run.publish();
  }

  private get surroundings(): DataSurroundings {
    const { slices, tables, steering, rejections } = this;
    return { slices, tables, steering, rejections, settings: this.parts.settings };
  }

  private async paused(): Promise<void> {
    this.teller.tell({ type: 'runPaused' });
    await this.steering.resumed();
    if (this.steering.cancelled === undefined) this.teller.tell({ type: 'runContinued' });
  }

  private conclusion(): ToldLast {
    const { cancelled: reason, stopped } = this.steering;
    if (reason !== undefined) return { type: 'runCancelled', reason };
    return finished(this.state, this.lastEvaluation, stopped, this.parts.settings.epochs);
  }

  /** What going on from a checkpoint changes. */
  private get opened(): OpenedRun {
    const { state, hooks, snapshots, teller } = this;
    return { state, hooks, snapshots, tell: (event) => teller.tell(event) };
  }

  /** Whether training is to end before its epochs and steps are over. */
  private get isOver(): boolean {
    return this.steering.isEnding || this.state.stopped !== undefined;
  }

  private get lastEvaluation(): Evaluation | undefined {
    return this.seen() ?? this.state.history.at(-1);
  }
}

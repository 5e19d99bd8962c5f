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
import { openFeed } from '../data/open-feed.ts';
import type { DataContext } from '../data/rows.ts';
import type { Engine, Runnable } from '../engines/engine.ts';
import type { EpochFinished, Evaluation, TerminalEvent } from '../events/event.ts';
import { EventHub, guardSubscribers } from '../events/stream.ts';
import type { Hook } from '../hooks/define-hook.ts';
import { Serving } from '../serve/serving.ts';
import { BatchEvents } from './batch-events.ts';
import { Boundaries } from './boundaries.ts';
import { evaluateFeed } from './evaluate-feed.ts';
import { EventLoopSlices } from './event-loop-slices.ts';
import { failureOf } from './failure.ts';
import { RunHooks } from './hooks.ts';
import type { Standing } from './keeping.ts';
import { Keeping } from './keeping.ts';
import { LoadedPipeline } from './loaded-pipeline.ts';
import { policyText } from './non-finite/policies.ts';
import type { NonFiniteGuard } from './non-finite-guard.ts';
import { guardOf } from './non-finite-guard.ts';
import type { OpenedRun } from './opening.ts';
import { begin, openingOf } from './opening.ts';
import type { Settings } from './options.ts';
import type { Ending, RunParts } from './parts.ts';
import { Rejections } from './rejections.ts';
import { RunCheckpoints } from './run-checkpoints.ts';
import type { RunState } from './run-state.ts';
import { firstState, keepEpoch } from './run-state.ts';
import { Snapshots } from './snapshots.ts';
import type { Found } from './starting-point.ts';
import { foundFor } from './starting-point.ts';
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
  private readonly hooks: RunHooks;
  private readonly slices = new EventLoopSlices();
  private readonly state: RunState = firstState();
  private readonly snapshots = new Snapshots();
  private readonly teller: Teller;
  private readonly rejections: Rejections;
  private readonly tables: DataContext['tables'] = new Map();
  private loaded: LoadedPipeline | undefined;
  private checkpoints: RunCheckpoints | undefined;
  private keeping: Keeping | undefined;
  private guard: NonFiniteGuard | undefined;
  private feed: Feed | undefined;
  private validationFeed: Feed | undefined;
  /** Of the open epoch. */
  private source: BatchSource | undefined;
  /** Over the rows of the open epoch so far. */
  private partial: Evaluation | undefined;

  constructor(parts: RunParts) {
    this.parts = parts;
    this.serving = new Serving(parts.engine.open);
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
    const told = failure && event.type !== 'runFailed' ? this.teller.stamped(failed(failure)) : event;
    this.hub.emit(told);
    await this.checkpoints?.close();
    leave();
    const { loaded, state } = this;
    return { event: told, loaded, state, evaluation: this.lastEvaluation, failure };
  }

  private async train(): Promise<void> {
    const { data, validation, settings } = this.parts;
    // What takes long comes before the run is announced: from then on the event loop is served between steps.
    const prepared = await this.prepare().then(
      (ready) => () => ready,
      (error: unknown) => () => {
        this.teller.tell({ type: 'runStarted', ...openingOf(this.parts) });
        throw error;
      },
    );
    const { loaded, found } = prepared();
    this.loaded = loaded;
    begin(this.parts, loaded, found, this.opened);
    this.keeping = this.keepingOf(loaded);
    this.guard = guardOf(this.parts.hooks, loaded);
    this.onLoaded(loaded);
    const feed = await this.open(data, 'training');
    if (validation) {
      const { capacity } = loaded.session.program(loaded.contract.evaluate.program);
      this.validationFeed = await this.open(validation, 'validation', capacity);
    }
    if (!feed || this.steering.cancelled !== undefined) return;
    this.feed = feed;
    // What a run was asked for before it was broken off waits for the next boundary, as it did then.
    if (!found.point?.captured) await this.carryOut();
    const program = loaded.session.program(loaded.contract.step.program);
    while (this.hasMore(settings) && (await this.trainEpoch(loaded, program, feed)));
    await this.keeping?.end();
  }

  /** Whether there is the rest of an epoch that was begun, or another one. */
  private hasMore({ epochs, steps }: Settings): boolean {
    const { epochBegan, epoch, step } = this.state;
    return epochBegan === undefined
      ? !this.isOver && epoch < epochs && step < steps
      : this.steering.cancelled === undefined;
  }

  /** Compiles and loads the programs that training needs, resting after each, and finds what is to be gone on from. */
  private async prepare(): Promise<{ readonly loaded: LoadedPipeline; readonly found: Found }> {
    const { engine, compile, validation, hooks, span, settings } = this.parts;
    const compiled = compile();
    await this.slices.rest();
    const session = await (await engine.open()).load(compiled.module);
    const { init, step, evaluate } = compiled.contract;
    for (const { program } of validation ? [init, step, evaluate] : [init, step]) {
      session.program(program);
      await this.slices.rest();
    }
    this.checkpoints = await RunCheckpoints.open(hooks, span, settings.resume !== false);
    const found = await foundFor(settings, this.checkpoints.first);
    return { loaded: new LoadedPipeline(compiled, session), found };
  }

  /** Undefined where the run was cancelled before all was there. */
  private open(
    batches: Batches,
    data: 'training' | 'validation',
    capacity?: number,
  ): Promise<Feed | undefined> {
    const { seed, clock } = this.parts.settings;
    const { slices, tables, steering } = this;
    const context: DataContext = {
      seed,
      slices,
      tables,
      signal: steering.signal,
      now: () => clock.now(),
      onRejected: (rejection) => this.rejections.add(data, rejection),
    };
    return steering.unlessCancelled(() => openFeed(batches, context, capacity));
  }

  /** An epoch, or the rest of one. False when there are no more rows to begin another with. */
  private async trainEpoch(loaded: LoadedPipeline, program: Runnable, feed: Feed): Promise<boolean> {
    const { state, teller } = this;
    const { evaluateEvery } = this.parts.settings;
    if (state.epochBegan === undefined) {
      state.epoch++;
      state.epochBegan = state.step;
      state.data = undefined;
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
      ...loaded.evaluation(program, loaded.contract.step.epoch),
      ...(validation && { validation }),
    });
    this.partial = undefined;
    keepEpoch(state, finished);
    teller.say(finished);
    await this.carryOut();
    return true;
  }

  private async trainBatches(loaded: LoadedPipeline, program: Runnable, feed: Feed): Promise<void> {
    const { hooks, slices, state, teller, rejections, steering } = this;
    const { steps } = this.parts.settings;
    const { batch, epoch } = loaded.contract.step;
    const source = this.steering.watch(this.begun(feed));
    this.source = source;
    const checkpoints = this.checkpoints;
    const { guard } = this;
    const events = new BatchEvents(state, program, batch, epoch, hooks.wantBatchMetrics);
    let size = 0;
    try {
      while (!this.isOver && state.step < steps) {
        const next = source.next(program.inputs);
        size = typeof next === 'number' ? next : await next;
        if (steering.isPaused) await this.paused();
        if (size === 0 || this.steering.cancelled !== undefined) {
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
        if (isDue) await slices.rest();
      }
      // A run that ends in the midst of an epoch can be gone on with there.
      if (size > 0 || this.steering.cancelled !== undefined) await this.keeping?.end();
    } finally {
      if (state.step > (state.epochBegan ?? 0)) this.partial = loaded.evaluation(program, epoch);
      this.source = undefined;
      const left = this.steering.cancelled === undefined || this.keeping?.hasLast ? 0 : feed.waiting();
      this.steering.unwatch(source);
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
      return feed.epoch(this.state.epoch - 1, this.state.data);
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

  /** Evaluates the present weights; nothing is finished when the run is cancelled meanwhile. */
  private async evaluate(): Promise<Evaluation | undefined> {
    const { loaded, validationFeed: feed, state, teller, slices, boundaries, steering } = this;
    if (!feed || !loaded) return undefined;
    teller.tell({ type: 'evaluationStarted' });
    const evaluation = await evaluateFeed(loaded, feed, { slices, boundaries, steering });
    if (!evaluation) return undefined;
    state.validation = evaluation;
    teller.tell({ type: 'evaluationFinished', ...evaluation });
    return evaluation;
  }

  /** What is asked for while commands are carried out waits for the next time, so that commands cannot feed themselves. */
  private async carryOut(): Promise<void> {
    const { loaded } = this;
    if (!loaded) return;
    const run = this.commanded(loaded);
    for (const { hook, command } of this.hooks.takeAsked()) {
      if (this.steering.cancelled !== undefined && !countsAtEnd(command, hook)) continue;
      const done = perform(command, run, hook);
      if (done) await done;
    }
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
        const { state, teller } = this;
        const { version } = await this.serving.publish(loaded, this.parts.settings.seed, state.step);
        teller.tell({ type: 'modelPublished', version });
      },
    };
  }

  private keepingOf(loaded: LoadedPipeline): Keeping | undefined {
    const { checkpoints, slices, opened } = this;
    const { settings, data } = this.parts;
    const standing = (): Standing | undefined => {
      const { feed, source, lastEvaluation } = this;
      return feed && { feed, source, loss: lastEvaluation?.loss };
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
    for (const { hook, command } of this.hooks.takeAsked()) {
      if (countsAtEnd(command, hook)) await perform(command, run, hook);
    }
    this.rejections.tellAll();
    // What a failed run has last is not what anyone would go on from.
    if (!hasFailed) this.keeping?.writeLast();
    await checkpoints?.settled();
    this.tellNews();
    for (const [hook, generation] of Object.entries(state.endings)) {
      if (generation !== undefined) await perform(restore(generation), run, hook);
    }
    // Whoever asks afterwards is answered by what training left.
    if (!hasFailed && this.serving.version) await run.publish();
  }

  private async paused(): Promise<void> {
    this.teller.tell({ type: 'runPaused' });
    await this.steering.resumed();
    if (this.steering.cancelled === undefined) this.teller.tell({ type: 'runContinued' });
  }

  private conclusion(): ToldLast {
    return this.steering.cancelled === undefined
      ? finished(this.state, this.lastEvaluation, this.steering.stopped, this.parts.settings.epochs)
      : { type: 'runCancelled', reason: this.steering.cancelled };
  }

  /** What going on from a checkpoint changes. */
  private get opened(): OpenedRun {
    const { state, hooks, snapshots, teller } = this;
    return { state, hooks, snapshots, tell: (event) => teller.tell(event) };
  }

  /** Whether training is to end before its epochs and steps are over. */
  private get isOver(): boolean {
    return (
      this.steering.cancelled !== undefined ||
      this.steering.stopped !== undefined ||
      this.state.stopped !== undefined
    );
  }

  private get lastEvaluation(): Evaluation | undefined {
    return this.partial ?? this.state.history.at(-1);
  }
}

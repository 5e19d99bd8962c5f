/** Conducts one run: draws batches, steps, evaluates, tells events and carries out what hooks ask for. */
import { resolve } from 'node:path';
import type { Compiled } from '../../compiler/compile.ts';
import { DAT712 } from '../../compiler/diagnostics/data.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/ir/span.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { CheckpointNow } from '../commands/checkpoint.ts';
import type { CommandedRun } from '../commands/command.ts';
import type { Command } from '../commands/index.ts';
import { countsAtEnd, perform } from '../commands/index.ts';
import { restore } from '../commands/snapshot.ts';
import type { BatchSource, Feed } from '../data/batch-source.ts';
import { openFeed } from '../data/open-feed.ts';
import type { DataContext } from '../data/rows.ts';
import { signatureOf } from '../data/signature.ts';
import type { Engine, Runnable } from '../engines/engine.ts';
import type { EpochFinished, Evaluation, TerminalEvent } from '../events/event.ts';
import { EventHub, guardSubscribers } from '../events/stream.ts';
import type { Hook } from '../hooks/define-hook.ts';
import { evaluateAll } from '../model/evaluation.ts';
import { Serving } from '../serve/serving.ts';
import type { Checkpoints } from '../store/checkpoints.ts';
import { programIdentity } from '../store/program-identity.ts';
import { pathOf, programText } from '../store/save.ts';
import { Boundaries } from './boundaries.ts';
import { capture } from './capture.ts';
import { EventLoopSlices } from './event-loop-slices.ts';
import { blamedOnData, failureOf } from './failure.ts';
import type { AskedCommand } from './hooks.ts';
import { RunHooks } from './hooks.ts';
import { LoadedPipeline, lossesAt, scalars } from './loaded-pipeline.ts';
import type { OpenedRun } from './opening.ts';
import { begin, openingOf } from './opening.ts';
import type { Settings } from './options.ts';
import { Rejections } from './rejections.ts';
import type { Taken } from './run-checkpoints.ts';
import { RunCheckpoints } from './run-checkpoints.ts';
import type { RunState } from './run-state.ts';
import { firstState, withEpoch } from './run-state.ts';
import { Snapshots } from './snapshots.ts';
import type { Found } from './starting-point.ts';
import { modelPoint, newestPoint } from './starting-point.ts';
import { Teller } from './teller.ts';
import type { ToldLast } from './terminal.ts';
import { emptyEpoch, failed, finished } from './terminal.ts';

/** All that a run needs to begin. */
export interface RunParts {
  readonly name: string;
  /** Where the pipeline stands. */
  readonly span: Span;
  readonly engine: { readonly name: string; readonly open: () => Promise<Engine> };
  readonly compile: () => Compiled;
  readonly data: Batches;
  readonly validation: Batches | undefined;
  readonly metrics: readonly string[];
  readonly hooks: readonly Hook[];
  readonly settings: Settings;
}

/** How a run ended, and what it leaves behind. */
export interface Ending {
  readonly event: TerminalEvent;
  readonly loaded: LoadedPipeline | undefined;
  readonly state: RunState;
  /** Of the last epoch that ended, or over what was seen of the one that was broken off. */
  readonly evaluation: Evaluation | undefined;
  /** What it failed of. */
  readonly failure: DiagnosticError | undefined;
}

/** An evaluation that was asked for over data that push their rows ends after so many batches, as they may never end. */
const mostPushedBatches = 100;

export class RunLoop {
  readonly hub = new EventHub();
  readonly boundaries = new Boundaries();
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
  private readonly interruption = new AbortController();
  private loaded: LoadedPipeline | undefined;
  private checkpoints: RunCheckpoints | undefined;
  /** The program's text, which checkpoints hold; made once. */
  private program: { readonly text: string; readonly identity: string } | undefined;
  private feed: Feed | undefined;
  private validationFeed: Feed | undefined;
  /** Of the open epoch. */
  private source: BatchSource | undefined;
  /** What the last checkpoint is to hold. */
  private last: Taken | undefined;
  /** Over the rows of the open epoch so far. */
  private partial: Evaluation | undefined;
  private cancelled: string | undefined;
  /** Why the user has stopped it: a run that is gone on with is not. */
  private halted: string | undefined;
  private pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  /** Open ones, so that a cancel reaches those that wait for data. */
  private readonly sources = new Set<BatchSource>();

  constructor(parts: RunParts) {
    this.parts = parts;
    this.serving = new Serving(parts.engine.open);
    this.hooks = new RunHooks(parts.hooks);
    this.teller = new Teller(this.state, this.hooks, this.hub, parts.settings.clock);
    this.rejections = new Rejections(this.state, (event) => this.teller.tell(event));
  }

  /** Takes effect at the next batch boundary, or at once where data is awaited. */
  cancel(reason: string): void {
    this.cancelled ??= reason;
    this.interruption.abort();
    this.continue();
    for (const source of this.sources) source.close();
  }

  /** Ends training after the present batch, in good order. */
  stop(reason: string): void {
    this.halted ??= reason;
    this.continue();
  }

  /** The command is carried out at the next batch boundary. */
  ask(command: Command): void {
    this.hooks.ask(command);
  }

  /** Takes effect at the next batch boundary. */
  holdOn(): void {
    if (this.pause) return;
    let end = (): void => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.pause = { over, end };
  }

  continue(): void {
    this.pause?.end();
    this.pause = undefined;
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
    this.onLoaded(loaded);
    const feed = await this.open(data, 'training');
    if (validation) {
      const { capacity } = loaded.session.program(loaded.contract.evaluate.program);
      this.validationFeed = await this.open(validation, 'validation', capacity);
    }
    if (!feed || this.cancelled !== undefined) return;
    this.feed = feed;
    // What a run was asked for before it was broken off waits for the next boundary, as it did then.
    if (!found.point?.captured) await this.carryOut();
    const program = loaded.session.program(loaded.contract.step.program);
    while (this.hasMore(settings) && (await this.trainEpoch(loaded, program, feed)));
    this.last ??= await this.taken(loaded);
  }

  /** Whether there is the rest of an epoch that was begun, or another one. */
  private hasMore({ epochs, steps }: Settings): boolean {
    const { epochBegan, epoch, step } = this.state;
    return epochBegan === undefined
      ? !this.isOver && epoch < epochs && step < steps
      : this.cancelled === undefined;
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
    this.checkpoints = await RunCheckpoints.open(hooks, span);
    const found = await foundFor(settings, this.checkpoints.first);
    return { loaded: new LoadedPipeline(compiled, session), found };
  }

  /** Undefined where the run was cancelled before all was there. */
  private async open(
    batches: Batches,
    data: 'training' | 'validation',
    capacity?: number,
  ): Promise<Feed | undefined> {
    const { seed, clock } = this.parts.settings;
    const { slices, tables } = this;
    const { signal } = this.interruption;
    const context: DataContext = {
      seed,
      slices,
      tables,
      signal,
      now: () => clock.now(),
      onRejected: (rejection) => this.rejections.add(data, rejection),
    };
    // Reading may hang where nothing can end it: nobody waits for it then.
    const interrupted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined));
    });
    const opening = openFeed(batches, context, capacity);
    try {
      return await Promise.race([opening, interrupted]);
    } finally {
      if (signal.aborted) opening.catch(() => {});
    }
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
    if (this.cancelled !== undefined || state.step === state.epochBegan) return false;
    const due = state.epoch % evaluateEvery === 0;
    const validation = due ? await this.evaluate() : undefined;
    if (this.cancelled !== undefined) return false;
    state.epochBegan = undefined;
    state.data = undefined;
    const finished: EpochFinished = teller.stamped({
      type: 'epochFinished' as const,
      ...loaded.evaluation(program, loaded.contract.step.epoch),
      ...(validation && { validation }),
    });
    this.partial = undefined;
    state.history = withEpoch(state.history, finished);
    teller.say(finished);
    await this.carryOut();
    return true;
  }

  private async trainBatches(loaded: LoadedPipeline, program: Runnable, feed: Feed): Promise<void> {
    const { hooks, slices, state, teller, rejections } = this;
    const { steps } = this.parts.settings;
    const { batch, epoch } = loaded.contract.step;
    const source = this.watch(this.begun(feed));
    this.source = source;
    const checkpoints = this.checkpoints;
    let size = 0;
    try {
      while (!this.isOver && state.step < steps) {
        const next = source.next(program.inputs);
        size = typeof next === 'number' ? next : await next;
        if (this.pause) await this.paused();
        if (size === 0 || this.cancelled !== undefined) {
          if (size > 0) source.giveBack();
          break;
        }
        if (rejections.areWaiting) rejections.tellAll();
        state.step++;
        if (teller.hears('batchStarted')) teller.tell({ type: 'batchStarted', size });
        const running = program.runAside ? program.runAside(size) : program.run(size);
        if (running) await this.boundaries.during(running);
        if (teller.hears('batchFinished')) {
          teller.tell({
            type: 'batchFinished',
            size,
            ...lossesAt(program, batch),
            metrics: scalars(program, epoch.metrics),
          });
        }
        if (hooks.isAsking) await this.carryOut();
        if (checkpoints?.haveNews) this.tellNews();
        if (slices.due()) await slices.rest();
      }
      // A run that ends in the midst of an epoch can be gone on with there.
      if (size > 0 || this.cancelled !== undefined) this.last = await this.taken(loaded);
    } catch (error) {
      throw blamedOnData(error, program, size);
    } finally {
      if (state.step > (state.epochBegan ?? 0)) this.partial = loaded.evaluation(program, epoch);
      this.source = undefined;
      const left = this.cancelled === undefined || this.last ? 0 : feed.waiting();
      this.unwatch(source);
      rejections.add('training', { reason: 'cancelled', rows: left, stage: 'batch' });
    }
    if (state.step === state.epochBegan && !this.isOver) this.endOfData();
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
    const { loaded, validationFeed: feed, state, teller, slices, boundaries } = this;
    if (!feed || !loaded) return undefined;
    teller.tell({ type: 'evaluationStarted' });
    const source = this.watch(feed.epoch(0));
    try {
      const evaluation = await evaluateAll(loaded, source, {
        slices,
        boundaries,
        isBroken: () => this.cancelled !== undefined,
        mostBatches: feed.isPushed ? mostPushedBatches : Number.POSITIVE_INFINITY,
      });
      if (!evaluation) return undefined;
      state.validation = evaluation;
      teller.tell({ type: 'evaluationFinished', ...evaluation });
      return evaluation;
    } finally {
      this.unwatch(source);
    }
  }

  /** What is asked for while commands are carried out waits for the next time, so that commands cannot feed themselves. */
  private async carryOut(): Promise<void> {
    const { loaded } = this;
    if (!loaded) return;
    const run = this.commanded(loaded);
    // A checkpoint holds what the other commands have done.
    const asked = this.hooks.takeAsked();
    const isCheckpoint = ({ command }: AskedCommand): boolean => command?.command === 'checkpoint';
    for (const { hook, command } of [
      ...asked.filter((each) => !isCheckpoint(each)),
      ...asked.filter(isCheckpoint),
    ]) {
      if (this.cancelled !== undefined && !countsAtEnd(command, hook)) continue;
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
      checkpoint: (directory, metric) => this.checkpoint(loaded, directory, metric),
      publish: async () => {
        const { state, teller } = this;
        const { version } = await this.serving.publish(loaded, this.parts.settings.seed, state.step);
        teller.tell({ type: 'modelPublished', version });
      },
    };
  }

  /** Takes a checkpoint, unless one is being written: then the next one comes soon enough. */
  private async checkpoint(
    loaded: LoadedPipeline,
    directory: string,
    metric: CheckpointNow['metric'],
  ): Promise<void> {
    if (!this.checkpoints?.isFree(directory)) return;
    const taken = await this.taken(loaded);
    if (taken) this.checkpoints.write(taken, directory, metric);
  }

  /** All of the run as it stands now; undefined where no hook keeps it. */
  private async taken(loaded: LoadedPipeline): Promise<Taken | undefined> {
    if (!this.checkpoints?.areWanted || !this.feed) return undefined;
    // Positions are told at the beginning of a turn of the event loop.
    await this.slices.rest();
    const { state, hooks, snapshots, source, feed } = this;
    const { settings, data } = this.parts;
    const { seed } = settings;
    const now: RunState = {
      ...state,
      hooks: hooks.states(),
      asked: [...hooks.asked],
      data: state.epochBegan === undefined ? undefined : (source?.state() ?? state.data),
    };
    const { module } = loaded.compiled;
    this.program ??= { text: programText({ loaded, seed }), identity: programIdentity(module) };
    const { text, identity } = this.program;
    return {
      ...capture(loaded, now, snapshots, { seed, program: identity, data: signatureOf(data) }),
      step: state.step,
      epoch: state.epoch,
      time: settings.clock.now(),
      loss: this.lastEvaluation?.loss,
      program: text,
      settle: feed.settle(),
    };
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
    if (this.last && !hasFailed) checkpoints?.write(this.last);
    await checkpoints?.settled();
    this.tellNews();
    for (const [hook, generation] of Object.entries(state.endings)) {
      if (generation !== undefined) await perform(restore(generation), run, hook);
    }
  }

  private async paused(): Promise<void> {
    this.teller.tell({ type: 'runPaused' });
    while (this.pause) await this.pause.over;
    if (this.cancelled === undefined) this.teller.tell({ type: 'runContinued' });
  }

  private conclusion(): ToldLast {
    return this.cancelled === undefined
      ? finished(this.state, this.lastEvaluation, this.halted, this.parts.settings.epochs)
      : { type: 'runCancelled', reason: this.cancelled };
  }

  /** What going on from a checkpoint changes. */
  private get opened(): OpenedRun {
    const { state, hooks, snapshots, teller } = this;
    return { state, hooks, snapshots, tell: (event) => teller.tell(event) };
  }

  /** Whether training is to end before its epochs and steps are over. */
  private get isOver(): boolean {
    return this.cancelled !== undefined || this.halted !== undefined || this.state.stopped !== undefined;
  }

  private get lastEvaluation(): Evaluation | undefined {
    return this.partial ?? this.state.history.at(-1);
  }

  private watch(source: BatchSource): BatchSource {
    this.sources.add(source);
    if (this.cancelled !== undefined) source.close();
    return source;
  }

  private unwatch(source: BatchSource): void {
    source.close();
    this.sources.delete(source);
  }
}

async function foundFor({ resume, from }: Settings, own: Checkpoints | undefined): Promise<Found> {
  if (from !== undefined) return modelPoint(from);
  if (resume === false) return { point: undefined, damaged: [] };
  if (resume === true) return own ? newestPoint(own) : { point: undefined, damaged: [] };
  const directory = pathOf(resume);
  return newestPoint(own && resolve(own.path) === resolve(directory) ? own : directory);
}

/** What a source that has ended gives. */
const noBatches: BatchSource = { next: () => 0, giveBack: () => {}, state: () => undefined, close: () => {} };

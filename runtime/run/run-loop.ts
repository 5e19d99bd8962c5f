/** Conducts one run: draws batches, steps, evaluates, tells events and carries out what hooks ask for. */
import type { Compiled } from '../../compiler/compile.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/ir/span.ts';
import type { Batches } from '../../dsl/dataset.ts';
import type { BatchSource, Feed } from '../data/batch-source.ts';
import { openFeed } from '../data/open-feed.ts';
import type { DataContext } from '../data/open-rows.ts';
import type { Engine, Runnable } from '../engines/engine.ts';
import type { EpochFinished, Evaluation, RunEvent, TerminalEvent } from '../events/event.ts';
import { EventHub } from '../events/stream.ts';
import type { Hook } from '../hooks/define-hook.ts';
import { evaluateAll, noRows } from '../model/evaluation.ts';
import { Commands } from './commands.ts';
import { EventLoopSlices } from './event-loop-slices.ts';
import { blamedOnData, failureOf } from './failure.ts';
import { RunHooks } from './hooks.ts';
import { LoadedPipeline, lossesAt, scalars } from './loaded-pipeline.ts';
import type { Settings } from './options.ts';

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
  readonly history: readonly EpochFinished[];
  readonly validation: Evaluation | undefined;
  /** What it failed of. */
  readonly failure: DiagnosticError | undefined;
}

type Stamp = Pick<RunEvent, 'time' | 'step' | 'epoch'>;
type Unstamped<E> = E extends RunEvent ? Omit<E, keyof Stamp> : never;
/** An event before it is given its time and place. */
type Told = Unstamped<RunEvent>;
type ToldLast = Unstamped<TerminalEvent>;

export class RunLoop {
  readonly hub = new EventHub();
  private readonly parts: RunParts;
  private readonly hooks: RunHooks;
  private readonly commands: Commands;
  private readonly slices = new EventLoopSlices();
  private readonly history: EpochFinished[] = [];
  private readonly dropped = { waiting: 0, total: 0 };
  private loaded: LoadedPipeline | undefined;
  private validationFeed: Feed | undefined;
  private validation: Evaluation | undefined;
  private step = 0;
  private epoch = 0;
  private cancelled: string | undefined;
  /** Open ones, so that a cancel reaches those that wait for data. */
  private readonly sources = new Set<BatchSource>();

  constructor(parts: RunParts) {
    this.parts = parts;
    this.hooks = new RunHooks(parts.hooks);
    this.commands = new Commands(this.hooks, {
      tell: (event) => this.tell(event),
      evaluate: async () => {
        if (!this.validationFeed) return false;
        await this.evaluate(this.validationFeed);
        return true;
      },
      step: () => this.step,
    });
  }

  /** Takes effect at the next batch boundary, or at once where data is awaited. */
  cancel(reason: string): void {
    this.cancelled ??= reason;
    for (const source of this.sources) source.close();
  }

  /** From the first event to the last. Never throws. */
  async run(): Promise<Ending> {
    let failure: DiagnosticError | undefined;
    let event: ToldLast;
    try {
      await this.train();
      event = this.conclusion();
    } catch (error) {
      failure = failureOf(error, this.parts.span);
      event = failed(failure);
    }
    try {
      this.commands.restoreAtEnd(this.loaded);
    } catch (error) {
      failure ??= failureOf(error, this.parts.span);
      event = failed(failure);
    }
    const last = this.stamped(event);
    try {
      this.hooks.tell(last);
    } catch (error) {
      // What broke the run first is what it failed of.
      failure ??= failureOf(error, this.parts.span);
    }
    this.hooks.close();
    const told = failure && last.type !== 'runFailed' ? this.stamped(failed(failure)) : last;
    this.hub.emit(told);
    const { loaded, history, validation } = this;
    return { event: told, loaded, history, validation, failure };
  }

  private async train(): Promise<void> {
    const { settings } = this.parts;
    // What takes long comes before the run is announced: from then on the event loop is served between steps.
    const prepared = await this.prepare().then(
      (loaded) => () => loaded,
      (error: unknown) => () => {
        throw error;
      },
    );
    this.tell(this.opening());
    const loaded = prepared();
    this.loaded = this.commands.loaded = loaded;
    loaded.initialise(settings.seed);
    const context = this.dataContext();
    const data = await openFeed(this.parts.data, context);
    if (this.parts.validation) {
      const { capacity } = loaded.session.program(loaded.contract.evaluate.program);
      this.validationFeed = await openFeed(this.parts.validation, context, capacity);
    }
    await this.commands.carryOut();
    const program = loaded.session.program(loaded.contract.step.program);
    while (!this.over && this.epoch < settings.epochs && this.step < settings.steps) {
      await this.trainEpoch(loaded, program, data);
    }
  }

  /** Compiles and loads the programs that training needs, resting after each. */
  private async prepare(): Promise<LoadedPipeline> {
    const { engine, compile, validation } = this.parts;
    const compiled = compile();
    await this.slices.rest();
    const session = await (await engine.open()).load(compiled.module);
    const { init, step, evaluate } = compiled.contract;
    for (const { program } of validation ? [init, step, evaluate] : [init, step]) {
      session.program(program);
      await this.slices.rest();
    }
    return new LoadedPipeline(compiled, session);
  }

  private async trainEpoch(loaded: LoadedPipeline, program: Runnable, data: Feed): Promise<void> {
    this.epoch++;
    loaded.resetSums('train');
    const batches = data.batchesIn(this.epoch - 1);
    this.tell({ type: 'epochStarted', ...(batches !== undefined && { batches }) });
    await this.commands.carryOut();
    const evaluation = await this.trainBatches(loaded, program, data);
    if (this.cancelled !== undefined) return;
    this.tellDropped();
    const due = this.epoch % this.parts.settings.evaluateEvery === 0;
    const validation = due && this.validationFeed ? await this.evaluate(this.validationFeed) : undefined;
    if (this.cancelled !== undefined) return;
    const finished: EpochFinished = this.stamped({
      type: 'epochFinished' as const,
      ...evaluation,
      ...(validation && { validation }),
    });
    this.history.push(finished);
    this.say(finished);
    await this.commands.carryOut();
  }

  private async trainBatches(loaded: LoadedPipeline, program: Runnable, data: Feed): Promise<Evaluation> {
    const { hooks, hub, slices, commands } = this;
    const { steps } = this.parts.settings;
    const { batch, epoch } = loaded.contract.step;
    const source = this.watch(data.epoch(this.epoch - 1));
    const first = this.step;
    let size = 0;
    try {
      while (!this.over && this.step < steps) {
        const next = source.next(program.inputs);
        size = typeof next === 'number' ? next : await next;
        if (size === 0 || this.cancelled !== undefined) break;
        if (this.dropped.waiting > 0) this.tellDropped();
        this.step++;
        if (hub.observed || hooks.hears('batchStarted')) this.tell({ type: 'batchStarted', size });
        const running = program.runAside ? program.runAside(size) : program.run(size);
        if (running) await running;
        if (hub.observed || hooks.hears('batchFinished')) {
          this.say({
            type: 'batchFinished',
            time: this.parts.settings.clock.now(),
            step: this.step,
            epoch: this.epoch,
            size,
            ...lossesAt(program, batch),
            metrics: scalars(program, epoch.metrics),
          });
        }
        if (hooks.asked) await commands.carryOut();
        if (slices.due()) await slices.rest();
      }
    } catch (error) {
      throw blamedOnData(error, program, size);
    } finally {
      this.unwatch(source);
    }
    if (this.step === first && !this.over) throw new DiagnosticError([emptyEpoch(this.epoch)]);
    return this.step === first ? { loss: Number.NaN, metrics: {} } : loaded.evaluation(program, epoch);
  }

  /** Evaluates the present weights; nothing is finished when the run is cancelled meanwhile. */
  private async evaluate(feed: Feed): Promise<Evaluation | undefined> {
    this.tell({ type: 'evaluationStarted' });
    const source = this.watch(feed.epoch(0));
    try {
      const broken = (): boolean => this.cancelled !== undefined;
      const evaluation = await evaluateAll(this.loaded!, source, this.slices, broken);
      if (!evaluation) return undefined;
      this.validation = evaluation;
      this.tell({ type: 'evaluationFinished', ...evaluation });
      return evaluation;
    } finally {
      this.unwatch(source);
    }
  }

  /** Whether training is to end before its epochs and steps are over. */
  private get over(): boolean {
    return this.cancelled !== undefined || this.commands.stopped !== undefined;
  }

  private opening(): Told {
    const { name, engine, settings, metrics, validation } = this.parts;
    const { epochs, steps, seed } = settings;
    return {
      type: 'runStarted',
      pipeline: name,
      engine: engine.name,
      seed,
      ...(Number.isFinite(epochs) && { epochs }),
      ...(Number.isFinite(steps) && { steps }),
      metrics,
      validation: validation !== undefined,
    };
  }

  private conclusion(): ToldLast {
    if (this.cancelled !== undefined) return { type: 'runCancelled', reason: this.cancelled };
    const last = this.history.at(-1);
    const exhausted = this.epoch >= this.parts.settings.epochs ? 'epochs' : 'steps';
    return {
      type: 'runFinished',
      reason: this.commands.stopped ?? exhausted,
      steps: this.step,
      epochs: this.epoch,
      loss: last?.loss ?? Number.NaN,
      ...(last?.losses && { losses: last.losses }),
      metrics: last?.metrics ?? {},
      ...(this.validation && { validation: this.validation }),
    };
  }

  private stamped<E extends Told>(event: E): E & Stamp {
    const { step, epoch } = this;
    // The type comes first, for those who read events as lines of text.
    return Object.assign({ type: event.type, time: this.parts.settings.clock.now(), step, epoch }, event);
  }

  private tell(event: Told): void {
    this.say(this.stamped(event));
  }

  /** Hooks hear an event first, being part of the run; that one of them fails does not unmake what happened. */
  private say(event: RunEvent): void {
    try {
      if (this.hooks.hears(event.type)) this.hooks.tell(event);
    } finally {
      this.hub.emit(event);
    }
  }

  private tellDropped(): void {
    const { waiting: count, total } = this.dropped;
    if (count === 0) return;
    this.dropped.waiting = 0;
    this.tell({ type: 'recordRejected', reason: 'overflow', count, total });
  }

  private dataContext(): DataContext {
    const onDropped = (rows: number): void => {
      this.dropped.waiting += rows;
      this.dropped.total += rows;
    };
    return { seed: this.parts.settings.seed, slices: this.slices, tables: new Map(), onDropped };
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

function failed(failure: DiagnosticError): ToldLast {
  const [error, ...others] = failure.diagnostics as readonly [Diagnostic, ...Diagnostic[]];
  return { type: 'runFailed', error, ...(others.length > 0 && { others }) };
}

function emptyEpoch(epoch: number): Diagnostic {
  const hint =
    epoch > 1
      ? 'a source that has ended begins again only when from is given a function that opens it'
      : undefined;
  return noRows(epoch > 1 ? `the data of epoch ${epoch}` : 'the data', hint);
}

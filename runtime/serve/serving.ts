/** Predictions while a model learns: answered by one published version of its weights, which the answer names. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN814 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Source } from '../../dsl/dataset.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import type { ChosenEngine } from '../engines/choose.ts';
import type { PartialRow } from '../model/model.ts';
import { Model } from '../model/model.ts';
import type { Prediction } from '../model/prediction.ts';
import type { Snapshot } from '../run/loaded-pipeline.ts';
import { LoadedPipeline } from '../run/loaded-pipeline.ts';

/** Which weights have answered. */
export interface Version {
  /** Counts from 1. */
  readonly version: number;
  /** The step of training after which they were published. */
  readonly step: number;
}

export interface ServedAnswers<Out extends Tensors> extends Version {
  /** One a row, in order. */
  readonly answers: readonly Prediction<Out>[];
}

export interface ServedAnswer<Out extends Tensors> extends Version {
  readonly answer: Prediction<Out>;
}

/** A version and all that answers by it: for servers. */
export interface Published extends Version {
  readonly model: Model;
}

/** Weights and layers' states of a version, by id, on their way to a server in another thread. */
export interface HandedOver extends Version {
  readonly values: Snapshot;
}

/** The pipeline that is trained, and what its randomness is drawn from. */
export interface Opened {
  readonly loaded: LoadedPipeline;
  readonly seed: number;
}

/** What is published, and what answers by it. Training never waits for it, and it never sees weights that are half one step's. */
export class Serving<S extends Schema = Schema, Out extends Tensors = Tensors> {
  /** By which it is answered: the run's own, in a session apart. */
  readonly engine: ChosenEngine;
  private model: Model<S, Out> | undefined;
  private serving: LoadedPipeline | undefined;
  private seed = 0;
  private resolveOpened: (opened: Opened) => void = () => {};
  /** Resolves when the pipeline is loaded, for servers; never where the run fails before. */
  readonly opened: Promise<Opened>;
  private present: Version | undefined;
  private readonly waiting: (() => void)[] = [];
  private readonly listeners = new Set<(published: HandedOver) => void>();

  constructor(engine: ChosenEngine) {
    this.engine = engine;
    this.opened = new Promise((resolve) => {
      this.resolveOpened = resolve;
    });
  }

  /** What answers now; undefined before anything was published. */
  get version(): Version | undefined {
    return this.present;
  }

  /** What answers now, with its model: for servers. */
  get published(): Published | undefined {
    const { model, present: version } = this;
    // A model is one of some schema.
    return model && version && { ...version, model: model as unknown as Model };
  }

  /** The version that answers now, on its way to another thread. */
  handedOver(): HandedOver | undefined {
    const { serving, present } = this;
    return serving && present && { ...present, values: weightsOf(serving) };
  }

  /** Hears of each version from the next one on, until what it gives is called: for servers. */
  onPublished(listener: (published: HandedOver) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when something is published. */
  ready(): Promise<void> {
    return this.present ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** One row's answer, or one answer a row: all by the version that is published now. RUN814 before there is one. */
  predict(rows: readonly PartialRow<S>[]): ServedAnswers<Out>;
  predict(row: PartialRow<S>): ServedAnswer<Out>;
  predict(given: PartialRow<S> | readonly PartialRow<S>[]): ServedAnswer<Out> | ServedAnswers<Out> {
    const [model, version] = this.current();
    if (Array.isArray(given))
      return { ...version, answers: model.predict(given as readonly PartialRow<S>[]) };
    const [answer] = model.predict([given as PartialRow<S>]);
    return { ...version, answer: answer as Prediction<Out> };
  }

  /**
   * Answers rows as they come, each by the version that is published then. Rows are read no faster than answers are taken, so
   * that nothing piles up.
   */
  async *predict$(rows: Source<PartialRow<S>>): AsyncGenerator<ServedAnswer<Out>> {
    const [model] = this.current();
    const answers = model.predictWith(rows, (batch, answer) => {
      const version = this.present;
      return answer(batch).map((each) => ({ ...version, answer: each }));
    });
    for await (const answer of answers) yield answer as ServedAnswer<Out>;
  }

  /** The pipeline is loaded: from now on it is known what is served. */
  open(loaded: LoadedPipeline, seed: number): void {
    this.resolveOpened({ loaded, seed });
    this.seed = seed;
  }

  /** Whether it is answered by the weights of a step as they are: to publish them again would tell nobody anything. */
  answersBy(loaded: LoadedPipeline, step: number): boolean {
    const { serving, present } = this;
    if (!serving || present?.step !== step) return false;
    const published = weightsOf(serving);
    return [...weightsOf(loaded)].every(([id, values]) =>
      values.every((value, i) => Object.is(value, published.get(id)?.[i])),
    );
  }

  /** Copies the present weights; called between two steps. */
  async publish(loaded: LoadedPipeline, step: number): Promise<Version> {
    if (!this.serving) {
      const { answers } = loaded.contract;
      const programs = answers.map(({ program }) => program);
      const session = await (await this.engine.open()).load(loaded.compiled.module, { programs });
      this.serving = new LoadedPipeline(loaded.compiled, session);
      this.serving.writeSeed(this.seed);
      this.model = new Model<S, Out>(this.serving, this.seed, undefined);
    }
    // From here on nothing is waited for: who asks meanwhile is answered by the version before, or by this one.
    const values = weightsOf(loaded);
    for (const [id, numbers] of values) this.serving.session.write(id, numbers);
    this.present = { version: (this.present?.version ?? 0) + 1, step };
    for (const listener of this.listeners) listener({ ...this.present, values });
    for (const ready of this.waiting.splice(0)) ready();
    return this.present;
  }

  private current(): readonly [Model<S, Out>, Version] {
    if (this.model && this.present) return [this.model, this.present];
    return refuse(notPublished());
  }
}

function weightsOf(loaded: LoadedPipeline): Snapshot {
  return new Map(loaded.states('param', 'state').map(({ id }) => [id, loaded.session.read(id)]));
}

export function notPublished(): Diagnostic {
  return RUN814({
    message: 'nothing was published yet, so there are no weights to answer by',
    span: siteSpan(),
    expected: 'a run with the hook publish, and serving.ready() awaited',
    received: 'a question before the first version',
    hint: "hooks: [publish({ every: [100, 'steps'] })]; await run.serving.ready()",
  });
}

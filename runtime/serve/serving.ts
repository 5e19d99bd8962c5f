/** Predictions while a model learns: answered by one published version of its weights, which the answer names. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN814 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Source } from '../../dsl/dataset.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import type { Engine } from '../engines/engine.ts';
import type { PartialRow } from '../model/model.ts';
import { Model } from '../model/model.ts';
import type { Prediction } from '../model/prediction.ts';
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

/** What is published, and what answers by it. Training never waits for it, and it never sees weights that are half one step's. */
export class Serving<S extends Schema = Schema, Out extends Tensors = Tensors> {
  private readonly open: () => Promise<Engine>;
  private model: Model<S, Out> | undefined;
  private serving: LoadedPipeline | undefined;
  private published: Version | undefined;
  private readonly waiting: (() => void)[] = [];

  constructor(open: () => Promise<Engine>) {
    this.open = open;
  }

  /** What answers now; undefined before anything was published. */
  get version(): Version | undefined {
    return this.published;
  }

  /** Resolves when something is published. */
  ready(): Promise<void> {
    return this.published ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
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
      const version = this.published;
      return answer(batch).map((each) => ({ ...version, answer: each }));
    });
    for await (const answer of answers) yield answer as ServedAnswer<Out>;
  }

  /** Copies the present weights; called between two steps. */
  async publish(loaded: LoadedPipeline, seed: number, step: number): Promise<Version> {
    if (!this.serving) {
      const { answers } = loaded.contract;
      const programs = answers.map(({ program }) => program);
      const session = await (await this.open()).load(loaded.compiled.module, { programs });
      this.serving = new LoadedPipeline(loaded.compiled, session);
      this.serving.writeSeed(seed);
      this.model = new Model<S, Out>(this.serving, seed, undefined);
    }
    for (const { id } of loaded.states('param', 'state')) {
      this.serving.session.write(id, loaded.session.read(id));
    }
    this.published = { version: (this.published?.version ?? 0) + 1, step };
    for (const ready of this.waiting.splice(0)) ready();
    return this.published;
  }

  private current(): readonly [Model<S, Out>, Version] {
    if (this.model && this.published) return [this.model, this.published];
    return refuse(
      RUN814({
        message: 'nothing was published yet, so there are no weights to answer by',
        span: siteSpan(),
        expected: 'a run with the hook publish, and serving.ready() awaited',
        received: 'a question before the first version',
        hint: "hooks: [publish({ every: [100, 'steps'] })]; await run.serving.ready()",
      }),
    );
  }
}

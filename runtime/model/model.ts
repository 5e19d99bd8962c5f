/** A trained model: it predicts, evaluates on data, and can be saved. */
import { DiagnosticError, refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import { placed } from '../../compiler/diagnostics/placed.ts';
import { RUN801, RUN807, RUN810, RUN811, RUN812 } from '../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { beginningOf } from '../../compiler/ir/span.ts';
import { programCalled } from '../../compiler/module.ts';
import type { AnswerContract } from '../../compiler/programs/contract.ts';
import type { Row, Schema } from '../../dsl/column.ts';
import type { Source } from '../../dsl/dataset.ts';
import { Batches, Dataset } from '../../dsl/dataset.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Program, Programs } from '../../dsl/program.ts';
import type { DType, Tensors } from '../../dsl/tensor.ts';
import { checkColumns } from '../data/check-columns.ts';
import { isSource } from '../data/live/open-source.ts';
import { openFeed } from '../data/open-feed.ts';
import { valueText } from '../data/value-text.ts';
import { batchesWithWords, vocabulariesOf } from '../data/words/vocabularies.ts';
import type { Evaluation } from '../events/event.ts';
import { checkOptions, rule } from '../run/check-options.ts';
import { EventLoopSlices } from '../run/event-loop-slices.ts';
import type { LoadedPipeline } from '../run/loaded-pipeline.ts';
import type { ExportOptions } from '../store/export/export-model.ts';
import { exportModel } from '../store/export/export-model.ts';
import type { SaveOptions } from '../store/model/save.ts';
import { pathOf, save } from '../store/model/save.ts';
import { evaluateAll } from './evaluation.ts';
import { predictStream } from './predict-stream.ts';
import type { Prediction } from './prediction.ts';
import { Predictor } from './predictor.ts';

/** A row to predict for: only the columns that the model looks at are needed. */
export type PartialRow<S extends Schema> = Partial<Row<S>>;

/** One parameter, or one state of a layer. */
export interface Weight {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major; `bool` holds 0 and 1. */
  readonly values: Float32Array | Int32Array;
}

/** What a model can be evaluated on: a dataset in batches or not, or a pipeline, of which the validation data are meant. */
export type EvaluationData = Batches | Dataset | EvaluatedPipeline;
interface EvaluatedPipeline {
  readonly definition: { readonly data: Batches; readonly validation?: Batches | undefined };
}

export interface EvaluateOptions {
  /** What shuffles and splits of the data are keyed by. Default: the seed the model was trained with. */
  readonly seed?: number | undefined;
  /** Aborting it rejects the evaluation with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The columns of a program, and what it returns. */
type SchemaOf<P> = P extends Program<infer S, Tensors> ? S : never;
type OutputsOf<P> = P extends Program<Schema, infer Out> ? Out : never;

/** What lies inside of a model: for the runtime alone. */
export let pipelineOf: (model: Model) => LoadedPipeline;
/** What answers rows of a program. RUN810, RUN811 and RUN812 as of `predict` and `run`: for servers alone. */
export let predictorOf: (model: Model, program: string) => Predictor;

export class Model<
  S extends Schema = Schema,
  Out extends Tensors = Tensors,
  Own extends Programs = Programs,
> {
  readonly name: string;
  readonly schema: S;
  /** What the model was trained with. */
  readonly seed: number;
  private readonly loaded: LoadedPipeline;
  private readonly data: Batches | undefined;
  private readonly predictors = new Map<string, Predictor>();
  /** Present in types only. */
  declare readonly own?: Own;
  private state: 'free' | 'busy' | 'disposed' = 'free';

  static {
    pipelineOf = ({ loaded }) => loaded;
    predictorOf = (model, program) => model.ready(program);
  }

  /** `data` is what the model is evaluated on when nothing else is given. */
  constructor(loaded: LoadedPipeline, seed: number, data: Batches | undefined) {
    this.name = loaded.compiled.module.name;
    // Whoever makes a model says what it was compiled from; the compiled schema is that of the pipeline.
    this.schema = loaded.contract.schema as S;
    this.seed = seed;
    this.loaded = loaded;
    this.data = data;
  }

  /**
   * One answer a row, in order. A row that does not fit the schema is a DAT diagnostic with its number.
   * Rows from a live source give an iterable that pulls them, a batch at a time.
   */
  predict(rows: readonly PartialRow<S>[]): Prediction<Out>[];
  predict(rows: Source<PartialRow<S>>): AsyncIterableIterator<Prediction<Out>>;
  predict(rows: readonly PartialRow<S>[] | Source<PartialRow<S>>): unknown {
    return this.answers(this.loaded.contract.predict.program, rows);
  }

  /**
   * One answer a row of a program of the pipeline's own: `model.run('paint', [{ z }])`. RUN812 if there is no such program.
   */
  run<Name extends keyof Own & string>(
    name: Name,
    rows: readonly PartialRow<SchemaOf<Own[Name]>>[],
  ): Prediction<OutputsOf<Own[Name]>>[];
  run<Name extends keyof Own & string>(
    name: Name,
    rows: Source<PartialRow<SchemaOf<Own[Name]>>>,
  ): AsyncIterableIterator<Prediction<OutputsOf<Own[Name]>>>;
  run(name: string, rows: readonly object[] | Source<object>): unknown {
    return this.answers(name, rows);
  }

  /** The columns of a program of the pipeline's own. RUN812 if there is no such program. */
  schemaOf<Name extends keyof Own & string>(name: Name): SchemaOf<Own[Name]> {
    // Whoever makes a model says what it was compiled from.
    return this.contractOf(name).schema as SchemaOf<Own[Name]>;
  }

  /** The names of the programs that `run` takes. */
  get programs(): readonly string[] {
    const { answers, predict } = this.loaded.contract;
    return answers.map(({ program }) => program).filter((name) => name !== predict.program);
  }

  /** The loss and the metrics over all rows of the data. Refused where there are none to go by. */
  async evaluate(on?: EvaluationData, options: EvaluateOptions = {}): Promise<Evaluation> {
    checkOptions('evaluate', options, { seed: rule.seed, signal: rule.signal });
    const { seed = this.seed, signal } = options;
    const span = siteSpan();
    signal?.throwIfAborted();
    this.free();
    this.state = 'busy';
    try {
      const program = this.loaded.session.program(this.loaded.contract.evaluate.program);
      const batches = batchesOf(on, program.capacity) ?? this.data ?? refuse(nothingToEvaluateOn());
      checkColumns(batches.rows.schema, this.schema, Object.keys(program.inputs));
      const slices = new EventLoopSlices();
      const context = { seed, slices, tables: new Map(), onRejected: () => {}, now: () => Date.now() };
      const known = batchesWithWords(batches, vocabulariesOf(this.schema));
      const source = (await openFeed(known, context, program.capacity)).epoch(0);
      const close = (): void => source.close();
      signal?.addEventListener('abort', close);
      try {
        const evaluation = await evaluateAll(this.loaded, source, {
          slices,
          isBroken: () => signal?.aborted === true || this.isDisposed,
        });
        if (evaluation) return evaluation;
      } finally {
        signal?.removeEventListener('abort', close);
        close();
      }
      if (this.isDisposed) this.free();
      throw signal?.reason;
    } catch (error) {
      if (this.isDisposed) this.free();
      throw atCall(error, span);
    } finally {
      if (this.state === 'busy') this.state = 'free';
    }
  }

  /**
   * Writes the model to a folder: its weights as safetensors, all else as JSON. When it resolves, the model outlives a
   * loss of power; a model that was there is replaced, whole or not at all, and nothing else is touched. RUN808 where the
   * folder cannot be written, STO801 where another process is writing there, STO802 where weights are not finite.
   */
  async save(directory: string | URL, options: SaveOptions = {}): Promise<void> {
    checkOptions('save', options, { allowNonFinite: rule.flag, optimizer: rule.flag });
    this.free();
    const span = siteSpan();
    try {
      await save({ loaded: this.loaded, seed: this.seed }, directory, options);
    } catch (error) {
      throw atCall(error, span);
    }
  }

  /**
   * Copies of the parameters and the layers' states, by their names: `model.weights.get('dense.kernel')?.values`.
   */
  get weights(): ReadonlyMap<string, Weight> {
    this.free();
    return new Map(
      this.loaded
        .states('param', 'state')
        .map(({ id, label, dtype, shape }) => [
          label,
          { dtype, shape, values: this.loaded.session.read(id) },
        ]),
    );
  }

  /**
   * Writes the model in a form that other programs read. Nothing but an earlier export is written over: RUN808 where something
   * else is in the way, or for training where the optimizer's slots were not saved with the model.
   */
  async export(directory: string | URL, options: ExportOptions = {}): Promise<void> {
    checkOptions('export', options, { format: rule.oneOf('savedmodel', 'safetensors'), training: rule.flag });
    this.free();
    const span = siteSpan();
    try {
      await exportModel(this.loaded, pathOf(directory), options);
    } catch (error) {
      throw atCall(error, span);
    }
  }

  /** Gives back the engine's memory. The model cannot be used any more. */
  dispose(): void {
    if (this.state === 'disposed') return;
    this.state = 'disposed';
    // They hold arrays of the engine's memory.
    this.predictors.clear();
    this.loaded.session.dispose();
  }

  /** Answers rows of a source by a function of the caller's, which is handed what answers a batch: for serving alone. */
  predictWith(
    rows: Source<PartialRow<S>>,
    answer: (batch: readonly unknown[], predict: (batch: readonly unknown[]) => unknown[]) => unknown[],
  ): AsyncIterableIterator<unknown> {
    const { program } = this.loaded.contract.predict;
    const { capacity } = this.ready(program);
    return predictStream(rows as Source<object>, capacity, (batch, first) =>
      answer(batch, (each) => this.ready(program).batch(each, first)),
    );
  }

  private answers(program: string, rows: readonly unknown[] | Source<object>): unknown {
    checkRows(rows);
    try {
      return Array.isArray(rows)
        ? this.answerAll(program, rows)
        : this.answerEach(program, rows as Source<object>);
    } catch (error) {
      throw atCall(error, siteSpan());
    }
  }

  private answerAll(program: string, rows: readonly unknown[]): unknown[] {
    return this.ready(program).all(rows);
  }

  private answerEach(program: string, rows: Source<object>): AsyncIterableIterator<unknown> {
    const { capacity } = this.ready(program);
    return predictStream(rows, capacity, (batch, first) => this.ready(program).batch(batch, first));
  }

  private ready(program: string): Predictor {
    this.free();
    let predictor = this.predictors.get(program);
    if (!predictor) {
      const { compiled, session } = this.loaded;
      const { module } = compiled;
      predictor = new Predictor(
        this.contractOf(program),
        programCalled(module, program),
        session.program(program),
      );
      this.predictors.set(program, predictor);
    }
    return predictor;
  }

  private contractOf(program: string): AnswerContract {
    const { answers } = this.loaded.contract;
    return answers.find((each) => each.program === program) ?? refuse(noProgram(program, this.programs));
  }

  private get isDisposed(): boolean {
    return this.state === 'disposed';
  }

  private free(): void {
    if (this.state === 'free') return;
    const [code, message, expected] =
      this.state === 'disposed'
        ? [RUN810, 'the model was disposed of', 'a model before dispose()']
        : [RUN811, 'the model is evaluating', 'one use at a time: await the evaluation first'];
    refuse(code({ message, span: siteSpan(), expected, received: this.name }));
  }
}

function batchesOf(on: EvaluationData | undefined, capacity: number): Batches | undefined {
  if (on instanceof Batches) return on;
  if (on instanceof Dataset) return on.batch(capacity);
  if (on instanceof Pipeline)
    return (on as EvaluatedPipeline).definition.validation ?? (on as EvaluatedPipeline).definition.data;
  if (on === undefined) return undefined;
  return refuse(
    RUN801({
      message: 'a model is evaluated on a dataset or on a pipeline',
      span: siteSpan(),
      expected: 'a dataset, in batches or not, or a pipeline',
      received: valueText(on),
      hint: 'evaluate(model, rows(schema, list))',
    }),
  );
}

/** A refusal that knows no place has that of the call. */
function atCall(error: unknown, span: Span): unknown {
  return error instanceof DiagnosticError ? placed(error, beginningOf(span)) : error;
}

/** A single row is none, nor is a function. */
function checkRows(rows: unknown): void {
  if (Array.isArray(rows) || isSource(rows)) return;
  refuse(
    RUN801({
      message: 'a model answers lists and sources of rows',
      span: siteSpan(),
      expected: 'an array of rows, an Iterable, an AsyncIterable or an Observable',
      received: valueText(rows),
      hint: 'put a single row into an array: model.predict([row])',
    }),
  );
}

function noProgram(name: string, known: readonly string[]): ReturnType<typeof RUN812> {
  const guess = nearest(name, known);
  return RUN812({
    message: `the model has no program ${name}`,
    span: siteSpan(),
    expected: known.length > 0 ? `one of ${known.join(', ')}` : 'a pipeline with programs of its own',
    received: name,
    ...(guess !== undefined && { hint: `did you mean ${guess}?` }),
  });
}

function nothingToEvaluateOn(): ReturnType<typeof RUN807> {
  return RUN807({
    message: 'a saved model holds no data to be evaluated on',
    span: siteSpan(),
    expected: 'a dataset, or the pipeline',
    received: 'nothing',
    hint: 'evaluate(model, rows.batch(32))',
  });
}

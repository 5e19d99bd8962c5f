/** A trained model: it predicts, judges data, and can be saved. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN807, RUN810, RUN811 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Row, Schema } from '../../dsl/column.ts';
import type { Source } from '../../dsl/dataset.ts';
import { Batches, Dataset } from '../../dsl/dataset.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import { checkColumns } from '../data/check-columns.ts';
import { openFeed } from '../data/open-feed.ts';
import type { Judgement } from '../events/event.ts';
import type { Machine } from '../run/machine.ts';
import { Pace } from '../run/pace.ts';
import { save } from '../store/save.ts';
import { judgeAll } from './evaluation.ts';
import { predictStream } from './predict-stream.ts';
import type { Prediction } from './prediction.ts';
import { Predictor } from './predictor.ts';

/** A row to predict for: only the columns that the model looks at are needed. */
export type PartialRow<S extends Schema> = Partial<Row<S>>;

/** What can be judged: a dataset in batches or not, or a pipeline, of which the validation data are meant. */
export type Judged = Batches | Dataset | JudgedPipeline;
interface JudgedPipeline {
  readonly definition: { readonly data: Batches; readonly validation?: Batches };
}

export interface EvaluateOptions {
  /** What shuffles and splits of the data are keyed by. Default: the seed the model was trained with. */
  readonly seed?: number;
  /** Aborting it rejects the evaluation with the signal's reason. */
  readonly signal?: AbortSignal;
}

export class Model<S extends Schema = Schema, Out extends Tensors = Tensors> {
  readonly name: string;
  readonly schema: S;
  /** What the model was trained with. */
  readonly seed: number;
  private readonly machine: Machine;
  private readonly data: Batches | undefined;
  private predictor: Predictor | undefined;
  private state: 'free' | 'busy' | 'disposed' = 'free';

  /** `data` is what the model is judged on when nothing else is given. */
  constructor(machine: Machine, seed: number, data: Batches | undefined) {
    const { name, schema } = machine.compiled;
    this.name = name;
    // Whoever makes a model says what it was compiled from; the compiled schema is that of the pipeline.
    this.schema = schema as S;
    this.seed = seed;
    this.machine = machine;
    this.data = data;
  }

  /**
   * One answer a row, in order. A row that does not fit the schema is a DAT diagnostic with its number.
   * Rows from a live source give an iterable that pulls them, a batch at a time.
   */
  predict(rows: readonly PartialRow<S>[]): Prediction<Out>[];
  predict(rows: Source<PartialRow<S>>): AsyncIterableIterator<Prediction<Out>>;
  predict(rows: readonly PartialRow<S>[] | Source<PartialRow<S>>): unknown {
    return Array.isArray(rows) ? this.predictAll(rows) : this.predictEach(rows as Source<object>);
  }

  /** The loss and the metrics over all rows of the data. Refused where there are none to go by. */
  async evaluate(on?: Judged, { seed = this.seed, signal }: EvaluateOptions = {}): Promise<Judgement> {
    signal?.throwIfAborted();
    this.free();
    this.state = 'busy';
    try {
      const program = this.machine.session.program('evaluate');
      const batches = batchesOf(on, program.capacity) ?? this.data ?? refuse(nothingToJudge());
      checkColumns(batches.rows.schema, this.schema, Object.keys(program.inputs));
      const pace = new Pace();
      const context = { seed, pace, tables: new Map(), onDropped: () => {} };
      const source = (await openFeed(batches, context, program.capacity)).epoch(0);
      const close = (): void => source.close();
      signal?.addEventListener('abort', close);
      try {
        const judgement = await judgeAll(this.machine, source, pace, () => signal?.aborted ?? false);
        if (judgement) return judgement;
      } finally {
        signal?.removeEventListener('abort', close);
        close();
      }
      throw signal?.reason;
    } finally {
      if (this.state === 'busy') this.state = 'free';
    }
  }

  /** Writes the model to a directory: its weights as safetensors, all else as JSON. What was there is replaced. */
  async save(directory: string | URL): Promise<void> {
    this.free();
    await save({ machine: this.machine, seed: this.seed }, directory);
  }

  /** Gives back the engine's memory. The model cannot be used any more. */
  dispose(): void {
    if (this.state === 'disposed') return;
    this.state = 'disposed';
    this.machine.session.dispose();
  }

  private predictAll(rows: readonly unknown[]): unknown[] {
    const predictor = this.ready();
    const answers: unknown[] = [];
    for (let first = 0; first < rows.length; first += predictor.capacity) {
      answers.push(...predictor.batch(rows.slice(first, first + predictor.capacity), first));
    }
    return answers;
  }

  private predictEach(rows: Source<object>): AsyncIterableIterator<unknown> {
    return predictStream(rows, this.ready().capacity, (batch, first) => this.ready().batch(batch, first));
  }

  private ready(): Predictor {
    this.free();
    this.predictor ??= new Predictor(this.machine.compiled, this.machine.session.program('predict'));
    return this.predictor;
  }

  private free(): void {
    if (this.state === 'free') return;
    const [code, message, expected] =
      this.state === 'disposed'
        ? [RUN810, 'the model was disposed of', 'a model before dispose()']
        : [RUN811, 'the model is evaluating', 'one use at a time: await the evaluation first'];
    refuse(code({ message, span: nowhere, expected, received: this.name }));
  }
}

function batchesOf(on: Judged | undefined, capacity: number): Batches | undefined {
  if (on instanceof Batches) return on;
  if (on instanceof Dataset) return on.batch(capacity);
  if (on instanceof Pipeline)
    return (on as JudgedPipeline).definition.validation ?? (on as JudgedPipeline).definition.data;
  return undefined;
}

function nothingToJudge(): ReturnType<typeof RUN807> {
  return RUN807({
    message: 'a saved model holds no data to be evaluated on',
    span: nowhere,
    expected: 'a dataset, or the pipeline',
    received: 'nothing',
    hint: 'evaluate(model, rows.batch(32))',
  });
}

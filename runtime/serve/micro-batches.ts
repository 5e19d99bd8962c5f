/** Gathers the rows of requests that come together: they are answered by one run of the program and by one version. */
import { saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { pipelineOf, predictorOf } from '../model/model.ts';
import type { Predictor } from '../model/predictor.ts';
import type { Metrics } from './metrics.ts';
import type { Problem } from './problem.ts';
import { diagnosticProblem } from './problem.ts';
import type { Served } from './served.ts';
import type { Version } from './serving.ts';
import { notPublished } from './serving.ts';
import type { Log, ServerSettings } from './settings.ts';

export type Outcome = (Version & { readonly answers: readonly unknown[] }) | Problem;

/** Rows of one request. */
export interface Question {
  /** Undefined for what the model predicts. */
  readonly program: string | undefined;
  readonly rows: readonly unknown[];
  /** Called once. */
  readonly answer: (outcome: Outcome) => void;
}

export class MicroBatches {
  private readonly served: Served;
  private readonly settings: Pick<ServerSettings, 'batch' | 'limits'>;
  private readonly metrics: Metrics;
  private readonly log: Log;
  private questions: Question[] = [];
  /** Rows that wait. */
  private rows = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isTurnAsked = false;
  private isClosing = false;

  constructor(
    served: Served,
    settings: Pick<ServerSettings, 'batch' | 'limits'>,
    metrics: Metrics,
    log: Log,
  ) {
    this.log = log;
    this.served = served;
    this.settings = settings;
    this.metrics = metrics;
  }

  get waiting(): number {
    return this.rows;
  }

  /** False where there is no room; then nobody is answered. A request of more rows than the room has waits alone. */
  ask(question: Question): boolean {
    const { batch, limits } = this.settings;
    const { length } = question.rows;
    if (this.rows > 0 && this.rows + length > limits.queue) return false;
    this.questions.push(question);
    this.rows += length;
    if (batch.within === 0 || this.rows >= batch.size || this.isClosing) this.askForTurn();
    else this.timer ??= setTimeout(() => this.answerSome(), batch.within);
    return true;
  }

  /** From now on nothing waits for more to come. */
  hurry(): void {
    this.isClosing = true;
    if (this.questions.length > 0) this.askForTurn();
  }

  /** Answers at the end of this turn of the event loop: what else has come in it is answered, too. */
  private askForTurn(): void {
    if (this.isTurnAsked) return;
    this.isTurnAsked = true;
    setImmediate(() => this.answerSome());
  }

  /** A batch; those that are left get the next turn, so that sockets are served in between. */
  private answerSome(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isTurnAsked = false;
    const { size } = this.settings.batch;
    let taken = 0;
    let rows = 0;
    while (taken < this.questions.length && (taken === 0 || rows + this.rowsAt(taken) <= size)) {
      rows += this.rowsAt(taken);
      taken++;
    }
    const questions = taken === this.questions.length ? this.questions : this.questions.slice(0, taken);
    this.questions = taken === this.questions.length ? [] : this.questions.slice(taken);
    this.rows -= rows;
    for (const [program, asked] of byProgram(questions)) this.answerAll(program, asked);
    if (this.questions.length > 0) this.askForTurn();
  }

  private rowsAt(at: number): number {
    return this.questions[at]?.rows.length ?? 0;
  }

  private answerAll(program: string | undefined, asked: readonly Question[]): void {
    let left = asked;
    try {
      const { current } = this.served;
      if (!current) throw new DiagnosticError([notPublished()]);
      const { model, version, step } = current;
      const predictor = predictorOf(model, program ?? pipelineOf(model).contract.predict.program);
      let answers: readonly unknown[];
      try {
        answers = predictor.all(rowsOf(left));
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        // Rows that do not fit are told so, and harm no others.
        left = left.filter((each) => fits(predictor, each));
        answers = predictor.all(rowsOf(left));
      }
      this.metrics.batched(answers.length);
      let from = 0;
      for (const { rows, answer } of left) {
        answer({ version, step, answers: answers.slice(from, from + rows.length) });
        from += rows.length;
      }
    } catch (error) {
      if (!(error instanceof DiagnosticError))
        this.log(`rows could not be answered: ${saying(error)}`, 'problem');
      for (const { answer } of left) answer(diagnosticProblem(error));
    }
  }
}

function fits(predictor: Predictor, { rows, answer }: Question): boolean {
  const misfit = predictor.misfit(rows);
  if (misfit) answer(diagnosticProblem(misfit.error, misfit.row));
  return !misfit;
}

const rowsOf = (asked: readonly Question[]): readonly unknown[] =>
  asked.length === 1 ? (asked[0]?.rows ?? []) : asked.flatMap(({ rows }) => rows);

function byProgram(questions: readonly Question[]): ReadonlyMap<string | undefined, readonly Question[]> {
  const first = questions[0]?.program;
  if (questions.every(({ program }) => program === first)) return new Map([[first, questions]]);
  const groups = new Map<string | undefined, Question[]>();
  for (const question of questions) {
    const group = groups.get(question.program);
    if (group) group.push(question);
    else groups.set(question.program, [question]);
  }
  return groups;
}

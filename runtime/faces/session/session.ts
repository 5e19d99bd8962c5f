/** A session: it runs parts of a graph on an engine and holds the values of variables from run to run. */
import { vocabulary } from 'millrace';
import { compileRun } from '../../../compiler/compile-run.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SES908 } from '../../../compiler/diagnostics/session.ts';
import type { Node } from '../../../compiler/ir/node.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import { seedId, stepId } from '../../../compiler/ir/state-ids.ts';
import type { Sizes } from '../../../compiler/ir/symbols.ts';
import { programCalled } from '../../../compiler/module.ts';
import { fetchName, runGraph } from '../../../compiler/programs/run-graph.ts';
import type { EngineChoice } from '../../engines/choose.ts';
import { chooseEngine } from '../../engines/choose.ts';
import type { Engine, Numbers } from '../../engines/engine.ts';
import { checkOptions, rule } from '../../run/check-options.ts';
import { defaultSeed } from '../../run/options.ts';
import { readVariables, saveVariables } from '../../store/variables.ts';
import { Callable } from './callable.ts';
import { isAssignment } from './graph/assign.ts';
import type { RunMetadata } from './metadata.ts';
import type { Signature } from './signature.ts';
import { fedIn, isFor, misfit, shapesAt, signatureOf, sizesOf } from './signature.ts';
import type { Feeds, Fetched, Fetches } from './types.ts';
import { Variables } from './variables.ts';

export interface SessionOptions {
  /** Default `wasm`. */
  readonly engine?: EngineChoice | undefined;
  /** How many threads the wasm engine runs on; the same bytes come out for any number. Default `'auto'`. */
  readonly threads?: number | 'auto' | undefined;
  /** What initial values and random ops are drawn from. A whole number from 0 to 2⁵³ − 1, default 0. */
  readonly seed?: number | undefined;
}

export interface RunOptions {
  /** Filled by the run with what it took, kernel by kernel. Such a run is slower; its values are the same. */
  readonly metadata?: RunMetadata | undefined;
}

/** How often something was done. */
export interface SessionStats {
  readonly runs: number;
  /** One for each combination of fetches, feeds and shapes of feeds that was run. */
  readonly compilations: number;
}

/** A run that has been looked through, waiting for its turn. */
interface Request {
  readonly signature: Signature;
  readonly values: readonly unknown[];
  readonly sizes: Sizes;
  readonly span: Span;
  readonly metadata: RunMetadata | undefined;
}

const noFeeds: Feeds = [];

/**
 * Holds variables, and runs what is asked for. Variables belong to whoever runs them: two sessions have values of their own.
 *
 *     const session = new Session();
 *     await session.run(globalVariablesInitializer());
 *     const { loss } = await session.run({ train, loss: error }, [[x, [1, 2]], [y, [3, 4]]]);
 */
export class Session {
  readonly #engine: () => Promise<Engine>;
  readonly #seed: readonly [low: number, high: number];
  readonly #variables = new Variables();
  readonly #signatures: Signature[] = [];
  #opened: Promise<Engine> | undefined;
  /** The callable whose variables lie in its own engine state, all newest. */
  #last: Callable | undefined;
  /** Raised when variables may have lost their values. */
  #readiness = 0;
  /** Runs that wait for their turn, or for an engine. */
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #runs = 0;
  #compilations = 0;
  #draws = 0;
  #initialisations = 0;

  constructor(options: SessionOptions = {}) {
    checkOptions('Session', options, { engine: rule.any, threads: rule.any, seed: rule.seed });
    const { engine, threads, seed = defaultSeed } = options;
    this.#engine = chooseEngine(engine, threads).open;
    this.#seed = [seed | 0, Math.floor(seed / 0x1_0000_0000) | 0];
  }

  /** How many runs there were, and how many of them had to be compiled first. */
  get stats(): SessionStats {
    return { runs: this.#runs, compilations: this.#compilations };
  }

  /**
   * Computes what is fetched and makes the updates in it. All values are those at the start of the run, but for an assignment
   * that is fetched: it gives the new value. A fed tensor has the fed value, whether it is a placeholder or computed. Runs are
   * made in the order in which they are asked for; feeds are read when the run is made.
   *
   * Rejects with SES901 to SES906 where fetches and feeds do not make a run, with an op's own code where its tensors do not fit.
   */
  run<const F extends Fetches>(fetches: F, feeds?: Feeds, options?: RunOptions): Promise<Fetched<F>>;
  async run(fetches: unknown, feeds: Feeds = noFeeds, { metadata }: RunOptions = {}): Promise<unknown> {
    const isFree = metadata === undefined && this.#waiting === 0 && !this.#isClosed;
    const ready = isFree ? this.#readyFor(fetches, feeds) : undefined;
    if (ready) return this.#repeat(ready);
    const request = this.#request(fetches, feeds, metadata);
    return this.#inTurn(() => this.#perform(request));
  }

  /**
   * Writes the values of all variables that this session has run, those of optimizers too, to a directory, by their names. What
   * was saved there is replaced. SES909 where names are missing or the same, RUN808 where nothing can be written.
   */
  async save(directory: string | URL): Promise<void> {
    const span = this.#open();
    await this.#inTurn(() => saveVariables(this.#variables.named(span), directory, span));
  }

  /**
   * Variables take the values that were saved under their names; others keep what they have. SES909 and SES910 where they
   * cannot, RUN808 and RUN809 where the files are missing or damaged.
   */
  async restore(directory: string | URL): Promise<void> {
    const span = this.#open();
    await this.#inTurn(async () => {
      this.#variables.restore(await readVariables(directory, span), span);
      this.#stale();
    });
  }

  /** Ends the session once the runs before have ended, and gives back the engine's memory. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#turn;
    for (const { callables } of this.#signatures)
      for (const callable of callables.values()) callable.dispose();
    this.#signatures.length = 0;
    this.#last = undefined;
  }

  /** The callable that fits, its feeds written, if it can run at once. */
  #readyFor(fetches: unknown, feeds: unknown): Callable | undefined {
    for (const { recent } of this.#signatures) {
      if (
        recent &&
        recent.readiness === this.#readiness &&
        !recent.runsAside &&
        recent.accepts(fetches, feeds)
      )
        return recent;
    }
    return undefined;
  }

  /** What every run after the first does. Nothing is made but the result. */
  #repeat(callable: Callable): unknown {
    const isFirst = this.#last !== callable;
    if (isFirst) callable.enter();
    if (callable.isRandom) callable.setDraw(this.#seed, this.#draws++);
    callable.run();
    this.#runs++;
    if (isFirst) {
      callable.leave();
      this.#last = callable;
    }
    return callable.result();
  }

  /** Looks a run through while its caller is still on the stack. */
  #request(fetches: unknown, feeds: unknown, metadata: RunMetadata | undefined): Request {
    const span = this.#open();
    const { tensors, values } = fedIn(feeds, span);
    let signature = this.#signatures.find((each) => isFor(each, fetches, tensors));
    if (!signature) {
      signature = signatureOf(fetches, tensors, this.#variables.idOf, span);
      this.#signatures.push(signature);
    }
    return { signature, values, sizes: sizesOf(signature, values, span), span, metadata };
  }

  async #perform({ signature, values, sizes, span, metadata }: Request): Promise<unknown> {
    if (signature.isInitializer) {
      this.#variables.initialise();
      this.#stale();
    }
    const key = JSON.stringify(sizes);
    const before = signature.callables.get(key);
    const callable = before ?? (await this.#compile(signature, sizes));
    signature.callables.set(key, callable);
    signature.recent = callable;
    await this.#variables.makeReady(callable.reads, span, (nodes) => this.#initials(nodes));
    callable.readiness = this.#readiness;
    const unfit = values.findIndex((value, i) => !callable.feed(i, value));
    if (unfit >= 0) refuse(misfit(signature.fed[unfit]!, values[unfit], sizes, span));
    callable.enter();
    if (callable.isRandom) callable.setDraw(this.#seed, this.#draws++);
    if (metadata) profile(callable, metadata, before === undefined);
    else await callable.runAside();
    callable.leave();
    this.#runs++;
    this.#last = callable;
    return callable.result();
  }

  async #compile(signature: Signature, sizes: Sizes): Promise<Callable> {
    const { form, fed, run } = signature;
    const { idOf } = this.#variables;
    const { module, program } = compileRun(run, sizes, vocabulary, idOf);
    const session = await (await this.#loaded()).load(module);
    this.#compilations++;
    const held = (leaf: Node) => this.#variables.held(leaf);
    return new Callable({
      form,
      fed,
      shapes: shapesAt(signature, sizes),
      program: programCalled(module, program),
      runnable: session.program(program),
      session,
      reads: run.read.map(held),
      writes: run.written.map(held),
    });
  }

  /** Initial values are drawn at steps that no run has: −1, −2, … */
  async #initials(nodes: readonly Node[]): Promise<Numbers[]> {
    const { idOf } = this.#variables;
    const run = runGraph({
      name: 'initial',
      span: nowhere,
      fetched: nodes,
      evaluated: [],
      updates: [],
      fed: [],
      isTraining: false,
      isAssignment,
      idOf,
    });
    const { module, program } = compileRun(run, {}, vocabulary, idOf);
    const session = await (await this.#loaded()).load(module);
    try {
      const { inputs, outputs, run: runRows } = session.program(program);
      inputs[seedId]?.set(this.#seed);
      inputs[stepId]?.fill(-++this.#initialisations);
      runRows(1);
      return nodes.map((_, i) => outputs[fetchName(i)]!.slice());
    } finally {
      session.dispose();
    }
  }

  #loaded(): Promise<Engine> {
    this.#opened ??= this.#engine();
    return this.#opened;
  }

  /** Does one thing after another, whoever asked for it. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    this.#waiting++;
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }

  /** Variables may have changed, or lost their values, behind the back of every callable. */
  #stale(): void {
    this.#readiness++;
    this.#last = undefined;
  }

  /** The caller's place; SES908 where the session was closed. */
  #open(): Span {
    const span = siteSpan();
    if (this.#isClosed) {
      refuse(
        SES908({
          message: 'this session was closed',
          span,
          expected: 'runs before close()',
          hint: 'make a new Session, and restore what was saved',
        }),
      );
    }
    return span;
  }
}

function profile(callable: Callable, metadata: RunMetadata, isCompiled: boolean): void {
  metadata.kernels = callable.profile('run');
  metadata.isCompiled = isCompiled;
  metadata.microseconds = metadata.kernels.reduce((sum, { microseconds }) => sum + microseconds, 0);
  metadata.bytes = metadata.kernels.reduce((sum, { bytes }) => sum + bytes, 0);
}

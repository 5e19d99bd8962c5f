/** A compiled pipeline in an engine: what training and judging do to its state, by the contract that it came with. */
import type { Compiled } from '../../compiler/compile.ts';
import type { StateEntry } from '../../compiler/module.ts';
import { isOfModel } from '../../compiler/module.ts';
import { sizeOf } from '../../compiler/op/values.ts';
import type { EvaluationPorts, Labelled, TrainingContract } from '../../compiler/programs/contract.ts';
import type { Vocabularies } from '../data/words/vocabularies.ts';
import { withWords } from '../data/words/vocabularies.ts';
import type { Numbers, Runnable, Session } from '../engines/engine.ts';
import type { Evaluation, Metrics } from '../events/event.ts';
import type { Tensors } from '../store/safetensors.ts';
import { tensorsOf } from '../store/safetensors.ts';
import { outputOf } from './output-of.ts';

/** The values of states by id. */
export type Snapshot = ReadonlyMap<string, Numbers>;

export class LoadedPipeline {
  readonly session: Session;
  /** Told when states are written by another than the step program. */
  onWritten: (ids: readonly string[] | 'all') => void = () => {};

  private made: Compiled;
  /** Of a model from disk: slots and the like, which predicting has no use for, so that its session does not hold them. */
  private readonly carried: Tensors | undefined;

  constructor(compiled: Compiled, session: Session, carried?: Tensors) {
    this.made = compiled;
    this.session = session;
    this.carried = carried;
  }

  /** Nobody is told of writing any more. */
  forgetListener(): void {
    this.onWritten = () => {};
  }

  /** A copy of a state's values; undefined where there are none. `view`: not a copy, where the engine has its own array. */
  valuesOf(id: string, how: 'copy' | 'view' = 'copy'): Numbers | undefined {
    const { session, carried } = this;
    if (carried && !isOfModel(this.entry(id))) return carried.get(id)?.values;
    return how === 'view' ? (session.view?.(id) ?? session.read(id)) : session.read(id);
  }

  /** What was compiled; its columns know their words as soon as these are fitted. */
  get compiled(): Compiled {
    return this.made;
  }

  /** Gives columns the words of their vocabularies. */
  learn(vocabularies: Vocabularies): void {
    if (vocabularies.size === 0) return;
    const { contract, module } = this.made;
    const answers = contract.answers.map((answer) => ({
      ...answer,
      schema: withWords(answer.schema, vocabularies),
    }));
    this.made = {
      module,
      contract: { ...contract, schema: withWords(contract.schema, vocabularies), answers },
    };
  }

  get contract(): TrainingContract {
    return this.compiled.contract;
  }

  /** Copies of all parameters and layers' states, by id. */
  weights(): Tensors {
    return tensorsOf(this.states('param', 'state'), (id) => this.session.read(id));
  }

  /** Gives all state its first values, drawn from the seed. */
  initialise(seed: number): void {
    this.writeSeed(seed);
    this.session.program(this.contract.init.program).run(1);
    this.onWritten('all');
  }

  /** The same for all but what was fitted to the data. */
  reset(seed: number): void {
    const kept = (this.contract.fit?.states ?? []).map((id) => [id, this.session.read(id)] as const);
    this.initialise(seed);
    for (const [id, values] of kept) this.session.write(id, values);
    this.onWritten('all');
  }

  /** The seed as its low and high 32 bits. */
  writeSeed(seed: number): void {
    const { state } = this.contract;
    this.session.write(state.seed, [seed | 0, Math.floor(seed / 0x1_0000_0000) | 0]);
    this.session.write(state.step, [0]);
  }

  /** Forgets the sums of one epoch. */
  resetSums(of: 'train' | 'validation'): void {
    const ids = this.contract.state.sums[of];
    for (const id of ids) this.session.write(id, new Float64Array(sizeOf(this.entry(id).shape)));
    // Evaluations come between steps, which know nothing of their sums.
    if (of === 'train') this.onWritten(ids);
  }

  /** What a program last gave at the ports: losses and metrics. */
  evaluation(program: Runnable, ports: EvaluationPorts): Evaluation {
    return { ...lossesAt(program, ports), metrics: scalars(program, ports.metrics) };
  }

  /** The learning rate of each objective that has one that may be set. */
  learningRates(): ReadonlyMap<string, number> {
    const { rates } = this.contract.state;
    return new Map(rates.map(({ label, id }) => [label, this.session.read(id)[0]!]));
  }

  setLearningRate(objective: string, value: number): void {
    const rate = this.contract.state.rates.find(({ label }) => label === objective);
    if (!rate) throw new Error(`internal: the objective ${objective} has no learning rate`);
    this.session.write(rate.id, [value]);
    this.onWritten([rate.id]);
  }

  /** All that training has changed: weights, layers' state, slots, and the step that optimizers and random numbers count by. */
  snapshot(): Snapshot {
    const kept = this.states('param', 'state', 'slot').map(({ id }) => id);
    return new Map([...kept, this.contract.state.step].map((id) => [id, this.session.read(id)]));
  }

  restore(snapshot: Snapshot): void {
    for (const [id, values] of snapshot) this.session.write(id, values);
    this.onWritten('all');
  }

  states(...roles: readonly StateEntry['role'][]): StateEntry[] {
    return this.compiled.module.state.filter(({ role }) => roles.includes(role));
  }

  private entry(id: string): StateEntry {
    const entry = this.compiled.module.state.find((each) => each.id === id);
    if (!entry) throw new Error(`internal: there is no state ${id}`);
    return entry;
  }
}

/** The loss, and those of named objectives where there are any. */
function lossesAt(
  program: Runnable,
  { loss, losses }: Omit<EvaluationPorts, 'metrics'>,
): Pick<Evaluation, 'loss' | 'losses'> {
  const value = scalar(program, loss);
  return losses.length === 0 ? { loss: value } : { loss: value, losses: scalars(program, losses) };
}

function scalars(program: Runnable, ports: readonly Labelled[]): Metrics {
  const values: Record<string, number> = {};
  for (const { label, id } of ports) values[label] = scalar(program, id);
  return values;
}

function scalar(program: Runnable, port: string): number {
  return outputOf(program, port)[0]!;
}

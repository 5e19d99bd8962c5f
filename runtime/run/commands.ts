/** Carries out what hooks ask for, between batches; keeps their snapshots in memory. */
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN804 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { CheckpointRestored, CheckpointSaved, LearningRateChanged } from '../events/event.ts';
import type { Command, Report } from '../hooks/command.ts';
import type { Hook } from '../hooks/define-hook.ts';
import type { Asked, RunHooks } from './hooks.ts';
import type { LoadedPipeline, Snapshot } from './loaded-pipeline.ts';

type Untimed<T> = T extends unknown ? Omit<T, 'time' | 'step' | 'epoch'> : never;

/** What carrying out a command needs of the run. */
export interface CommandContext {
  readonly tell: (
    event: Untimed<CheckpointSaved | CheckpointRestored | LearningRateChanged> | Report,
  ) => void;
  /** False when there is nothing to evaluate on. */
  readonly evaluate: () => Promise<boolean>;
  readonly step: () => number;
}

interface Generation {
  readonly snapshot: Snapshot;
  readonly step: number;
}

type SetLearningRateCommand = Extract<Command, { command: 'setLearningRate' }>;
type RestoreCommand = Extract<Command, { command: 'restore' }>;

export class Commands {
  /** Why a hook has stopped the run. */
  stopped: string | undefined;
  loaded: LoadedPipeline | undefined;
  private readonly hooks: RunHooks;
  private readonly context: CommandContext;
  private readonly generations = new Map<string, Generation>();
  private readonly endings = new Map<Hook, RestoreCommand | undefined>();

  constructor(hooks: RunHooks, context: CommandContext) {
    this.hooks = hooks;
    this.context = context;
  }

  /** What is asked for while commands are carried out waits for the next time, so that commands cannot feed themselves. */
  async carryOut(): Promise<void> {
    for (const asked of this.hooks.take()) {
      const done = this.perform(asked);
      if (done) await done;
    }
  }

  /** What hooks wanted restored when the run ends. Without a loaded pipeline there was nothing to keep. */
  restoreAtEnd(loaded: LoadedPipeline | undefined): void {
    if (!loaded) return;
    // Hooks may ask at the very end, in answer to an event that broke the run off: keeping still counts.
    for (const asked of this.hooks.take()) {
      if (asked.command.command === 'snapshot' || asked.command.command === 'atEnd') this.perform(asked);
    }
    for (const [hook, command] of this.endings) if (command) this.restore(hook, command.generation);
    this.endings.clear();
  }

  private perform({ hook, command }: Asked): Promise<void> | undefined {
    switch (command.command) {
      case 'stop':
        this.stopped ??= command.reason;
        return undefined;
      case 'setLearningRate':
        this.setLearningRate(hook, command);
        return undefined;
      case 'evaluate':
        return this.evaluate(hook);
      case 'snapshot':
        this.keep(command.generation);
        return undefined;
      case 'restore':
        this.restore(hook, command.generation);
        return undefined;
      case 'atEnd':
        this.endings.set(hook, command.then);
        return undefined;
      case 'report':
        this.context.tell(command.event);
        return undefined;
      default:
        return refuse(
          lacking(
            hook,
            'something that is not a command',
            'a command made by stop, snapshot and so on',
            command,
          ),
        );
    }
  }

  /** Of one objective, or of all whose learning rate may be set. */
  private setLearningRate(hook: Hook, { learningRate, objective }: SetLearningRateCommand): void {
    const loaded = this.running();
    const rates = loaded.learningRates();
    const chosen = [...rates].filter(([name]) => objective === undefined || name === objective);
    if (chosen.length === 0) {
      const expected =
        rates.size > 0 ? `one of ${[...rates.keys()].join(', ')}` : 'an optimizer with a fixed learning rate';
      refuse(lacking(hook, 'another learning rate', expected, objective ?? 'one with a schedule'));
    }
    if (!Number.isFinite(learningRate)) {
      refuse(lacking(hook, 'a learning rate that is not a number', 'a finite number', learningRate));
    }
    for (const [name, before] of chosen) {
      loaded.setLearningRate(name, learningRate);
      const named = name !== '' && { objective: name };
      this.context.tell({ type: 'learningRateChanged', ...named, learningRate, before });
    }
  }

  private async evaluate(hook: Hook): Promise<void> {
    if (await this.context.evaluate()) return;
    refuse(lacking(hook, 'an evaluation', 'a pipeline with validation data', 'none'));
  }

  private keep(generation: string): void {
    this.generations.set(generation, { snapshot: this.running().snapshot(), step: this.context.step() });
    this.context.tell({ type: 'checkpointSaved', generation, place: 'memory' });
  }

  private restore(hook: Hook, generation: string): void {
    const kept = this.generations.get(generation);
    if (!kept) {
      const known = [...this.generations.keys()].join(', ') || 'a snapshot that was made before';
      refuse(lacking(hook, 'a snapshot that does not exist', known, generation));
    }
    this.running().restore(kept.snapshot);
    this.context.tell({ type: 'checkpointRestored', generation, place: 'memory', from: kept.step });
  }

  private running(): LoadedPipeline {
    if (!this.loaded) throw new Error('internal: commands are carried out before a pipeline is loaded');
    return this.loaded;
  }
}

function lacking(hook: Hook, what: string, expected: string, received: unknown): Diagnostic {
  return RUN804({
    message: `the hook ${hook.name} asks for ${what}`,
    span: nowhere,
    expected,
    received: String(received),
  });
}

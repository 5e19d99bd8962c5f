/** The hooks of a run in a row: each hears every event it wants, and what they ask for queues up for the run. */
import { because, kindOfError, saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError, refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN803 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { lacking } from '../commands/command.ts';
import type { Command } from '../commands/index.ts';
import { valueText } from '../data/value-text.ts';
import type { RunEvent, RunEventType } from '../events/event.ts';
import type { Hook } from '../hooks/define-hook.ts';

/** A command, and which hook asked for it. */
export interface AskedCommand {
  readonly hook: string;
  readonly command: Command;
}

interface Member {
  readonly name: string;
  readonly hook: Hook;
  readonly wanted: ReadonlySet<RunEventType> | undefined;
  state: unknown;
  /** Before the last event. */
  before: unknown;
}

/** What hooks know and have asked for, and the event that one of them has failed of since. */
export interface KnownByHooks {
  readonly hooks: Readonly<Record<string, unknown>>;
  readonly asked: readonly AskedCommand[];
  readonly failedOf?: RunEvent;
}

/** More commands than this waiting at one time are a hook that answers its own echo. */
const mostAsked = 256;

export class RunHooks {
  private readonly members: readonly Member[];
  private readonly wanted: ReadonlySet<RunEventType> | 'all';
  readonly wantBatchMetrics: boolean;
  private queue: AskedCommand[] = [];
  private broken: KnownByHooks | undefined;

  constructor(hooks: readonly Hook[]) {
    const times = new Map<string, number>();
    this.members = hooks.map((hook) => {
      const time = (times.get(hook.name) ?? 0) + 1;
      times.set(hook.name, time);
      const name = time === 1 ? hook.name : `${hook.name}#${time}`;
      const state = ownCopy(hook.initialState);
      return { name, hook, wanted: hook.events && new Set(hook.events), state, before: state };
    });
    this.wantBatchMetrics = hooks.some(({ batchMetrics }) => batchMetrics === true);
    const lists = hooks.map(({ events }) => events);
    this.wanted = lists.includes(undefined) ? 'all' : new Set(lists.flatMap((list) => list ?? []));
  }

  hears(type: RunEventType): boolean {
    return this.wanted === 'all' || this.wanted.has(type);
  }

  /** Tells the hooks; throws what the first of them failed of, when all have heard. */
  tell(event: RunEvent): void {
    let failure: DiagnosticError | undefined;
    const { queue } = this;
    const { length } = queue;
    for (const member of this.members) {
      member.before = member.state;
      if (member.wanted && !member.wanted.has(event.type)) continue;
      try {
        this.take(member, member.hook.on(member.state, event));
      } catch (error) {
        failure ??= hookFailure(member.name, error);
      }
    }
    if (!failure) return;
    this.broken ??= {
      hooks: Object.fromEntries(this.members.map(({ name, before }) => [name, before])),
      asked: queue.slice(0, length),
      failedOf: event,
    };
    throw failure;
  }

  /** Asks for something in the name of the run itself. */
  ask(command: Command): void {
    this.queue.push({ hook: 'run', command });
  }

  get isAsking(): boolean {
    return this.queue.length > 0;
  }

  /** What was asked for since the last time. Checkpoints come last: they hold what the other commands have done. */
  takeAsked(): readonly AskedCommand[] {
    const { queue } = this;
    this.queue = [];
    const isCheckpoint = ({ command }: AskedCommand): boolean => command?.command === 'checkpoint';
    return queue.some(isCheckpoint)
      ? [...queue.filter((each) => !isCheckpoint(each)), ...queue.filter(isCheckpoint)]
      : queue;
  }

  /** Now, or before the event that one of them failed of: then it is as if none of them had heard it. */
  get known(): KnownByHooks {
    return (
      this.broken ?? {
        hooks: Object.fromEntries(this.members.map(({ name, state }) => [name, state])),
        asked: [...this.queue],
      }
    );
  }

  /** Goes on with what hooks of these names knew and asked for. Gives the names of those that were not there before. */
  resume(states: Readonly<Record<string, unknown>>, asked: readonly AskedCommand[]): readonly string[] {
    for (const member of this.members)
      if (Object.hasOwn(states, member.name)) member.state = states[member.name];
    this.queue.push(...asked);
    return this.members.flatMap(({ name }) => (Object.hasOwn(states, name) ? [] : [name]));
  }

  private take(member: Member, answer: unknown): void {
    // Hooks that only watch give back whatever their last call gave: a length, say.
    if (typeof answer !== 'object' || answer === null) return;
    if (answer instanceof Promise) {
      answer.catch(() => {});
      refuse(
        wrongAnswer(
          member.name,
          'a promise',
          'an answer at once; what takes long belongs to a subscriber of events$',
        ),
      );
    }
    if ('state' in answer) member.state = answer.state;
    if (!('commands' in answer) || answer.commands === undefined) return;
    const { commands } = answer;
    if (!Array.isArray(commands))
      refuse(wrongAnswer(member.name, valueText(commands), 'commands: [stop(…)], a list'));
    for (const command of commands as readonly Command[]) this.queue.push({ hook: member.name, command });
    if (this.queue.length > mostAsked) {
      this.queue = [];
      refuse(
        lacking(
          member.name,
          `more than ${mostAsked} things at once`,
          'commands that their own events do not call for again',
          'one more',
        ),
      );
    }
  }
}

/** A state that a hook changes in place is not to come back in the next run. */
function ownCopy(state: unknown): unknown {
  try {
    return structuredClone(state);
  } catch {
    // Functions cannot be copied; such a state is refused where it is to be kept.
    return state;
  }
}

function wrongAnswer(name: string, received: string, expected: string): ReturnType<typeof RUN803> {
  return RUN803({ message: `the hook ${name} gives a wrong answer`, span: nowhere, expected, received });
}

/** A hook that refuses speaks for itself; any other error is named after the hook. */
function hookFailure(name: string, error: unknown): DiagnosticError {
  if (error instanceof DiagnosticError) return error;
  return because(
    RUN803({
      message: `the hook ${name} failed: ${saying(error)}`,
      span: nowhere,
      expected: 'a state and commands',
      received: kindOfError(error),
    }),
    error,
  );
}

/** What a hook is: a machine that reads the events of a run and answers with commands. */

import type { Command } from '../commands/index.ts';
import type { RunEvent, RunEventType } from '../events/event.ts';
import type { OnNonFinite } from '../run/non-finite/policies.ts';

/** What a hook answers. Leaving `state` out keeps it; leaving `commands` out asks for nothing. */
export interface Answer<State> {
  readonly state?: State;
  readonly commands?: readonly Command[];
}

/** Hooks that only watch give nothing back, in whatever way JavaScript lets them. */
// biome-ignore lint/suspicious/noConfusingVoidType: without void, `() => console.log()` would be no hook
type Silence = undefined | void;

/** A Mealy machine. Its state is plain data, so that it can be kept with the run. */
export interface Hook<State = unknown> {
  readonly name: string;
  readonly initialState: State;
  /** The events it wants to hear; all of them when left out. A run does not make batch events nobody hears. */
  readonly events?: readonly RunEventType[];
  /** Whether it looks at `batchMetrics` of `batchFinished`, which are not made otherwise. */
  readonly batchMetrics?: boolean;
  /** What the run does about a step whose loss is no number. */
  readonly onNonFinite?: OnNonFinite;
  /** The directory that its checkpoints go into, which the run opens before anything else. */
  readonly checkpoints?: { readonly directory: string; readonly keep: number; readonly fresh: boolean };
  // A method, so that hooks of any state can stand in one list.
  on(state: State, event: RunEvent): Silence | Answer<State>;
}

type Definition<State> = Omit<Hook<State>, 'on' | 'initialState'> & {
  readonly on: (state: State, event: RunEvent) => Silence | Answer<State>;
};

/** A hook that remembers something: `on` gives the next state and what it asks for. */
export function defineHook<State>(hook: Definition<State> & { readonly initialState: State }): Hook<State>;
/** A hook that remembers nothing. */
export function defineHook(hook: Definition<undefined>): Hook<undefined>;
export function defineHook<State>(hook: Definition<State> & { readonly initialState?: State }): Hook<State> {
  return { initialState: undefined as State, ...hook };
}

/** A kind of hook, as registries and laws know it. */
export interface HookFacts {
  readonly family: 'hook';
  readonly name: string;
  /** Arguments that the laws make it of. */
  readonly examples: readonly (readonly unknown[])[];
  /** Makes one of arguments such as those of the examples. */
  readonly make: (args: readonly unknown[]) => Hook;
}

/** The function that makes hooks of one kind. */
export type HookKind<Args extends readonly unknown[], State> = ((...args: Args) => Hook<State>) & {
  readonly facts: HookFacts;
};

/**
 * Defines a kind of hook, which users make with options of their own:
 * `defineHookKind('patience', (options: PatienceOptions = {}) => ({ initialState, on }), { examples: [[{ epochs: 3 }]] })`.
 */
export function defineHookKind<Args extends readonly unknown[], State>(
  kind: string,
  define: (...args: Args) => Omit<Hook<State>, 'name' | 'on'> & Pick<Definition<State>, 'on'>,
  { examples = [] }: { readonly examples?: readonly Readonly<NoInfer<Args>>[] } = {},
): HookKind<Args, State> {
  const make = (...args: Args): Hook<State> => ({ name: kind, ...define(...args) });
  Object.defineProperty(make, 'name', { value: kind });
  const facts: HookFacts = { family: 'hook', name: kind, examples, make: (args) => make(...(args as Args)) };
  return Object.assign(make, { facts });
}

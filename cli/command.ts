/** What a verb of the command line is: its flags as data, and what it does. */
import type { ExitCode } from './exit-code.ts';

export interface Flag {
  readonly name: string;
  /** What stands for the value in help, such as `N`; absent for switches. */
  readonly value?: string;
  readonly summary: string;
  /** The values that may be given, where they are few. */
  readonly choices?: readonly string[];
  /** Reads a whole number that is at least this. */
  readonly atLeast?: number;
  readonly required?: true;
}

/** Flags as they were given; numbers are read. */
export type Given = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Invocation {
  readonly files: readonly string[];
  readonly flags: Given;
}

export interface Command {
  readonly verb: string;
  /** One line, for the list of verbs. */
  readonly summary: string;
  /** How many files may follow. */
  readonly files: 'none' | 'optional' | 'one' | 'several';
  /** What stands for them in help; default FILE. */
  readonly operand?: string;
  readonly flags: readonly Flag[];
  /** Further words in the verb's own help. */
  readonly notes?: string;
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

/** A verb as the table knows it before its code is loaded. */
export type LazyCommand = Omit<Command, 'run'> & { readonly load: () => Promise<Command['run']> };

export function textFlag(flags: Given, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}

/** The value of a flag without which a command line is refused before its verb is run. */
export function requiredFlag(flags: Given, name: string): string {
  const value = textFlag(flags, name);
  if (value === undefined) throw new Error(`internal: --${name} is not required`);
  return value;
}

export function numberFlag(flags: Given, name: string): number | undefined {
  const value = flags[name];
  return typeof value === 'number' ? value : undefined;
}

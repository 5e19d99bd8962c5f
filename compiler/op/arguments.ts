/** What the makers of layers, optimizers, initializers and metrics take: arguments by position, options by name, checked. */
import { ARG101, ARG102, ARG103, ARG104 } from '../diagnostics/argument.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { Node } from '../ir/node.ts';
import { siteSpan } from '../ir/site.ts';
import { typeText } from './type-text.ts';

/** What a value must be, in words and as a test: `{ expects: 'a whole number from 1 up', fits }`. */
export interface Check {
  readonly expects: string;
  readonly fits: (value: unknown) => boolean;
  /** Whether the argument may be left out. Options always may. */
  readonly optional?: true;
}

type Plain<T> = T extends readonly unknown[] | ((...args: never[]) => unknown)
  ? never
  : T extends object
    ? T
    : never;

/** The options among a maker's arguments: the last one, where that is a record. */
export type OptionsOf<Args extends readonly unknown[]> =
  Required<Args> extends readonly [...unknown[], infer Last] ? Plain<Last> : never;

/** What a maker takes. An option that is not among the checks does not exist; without checks, all is taken as it comes. */
export interface Takes<Args extends readonly unknown[] = readonly unknown[], Common = never> {
  /** By the arguments' names, in their order; the options follow them. */
  readonly arguments?: Readonly<Record<string, Check>>;
  readonly options?: { readonly [O in Exclude<keyof OptionsOf<Args>, Common>]-?: Check };
}

/** What a maker takes, by names: for laws and tools. */
export interface Taken {
  readonly arguments: readonly string[];
  /** Undefined where options are not checked. */
  readonly options: readonly string[] | undefined;
}

/** The names among the checks of a maker. */
export function takenBy(
  places: Readonly<Record<string, Check>> | undefined,
  options: Readonly<Record<string, Check>> | undefined,
): Taken {
  return { arguments: Object.keys(places ?? {}), options: options && Object.keys(options) };
}

/** The options that a maker was given, if any. */
export function optionsAmong(args: readonly unknown[]): Readonly<Record<string, unknown>> {
  const last = args.at(-1);
  return isOptions(last) ? last : {};
}

/** Refuses arguments that do not fit, with ARG101 to ARG104. */
export function checkArguments(
  maker: string,
  places: Readonly<Record<string, Check>> | undefined,
  known: Readonly<Record<string, Check>> | undefined,
  args: readonly unknown[],
): void {
  const positional = Object.entries(places ?? {});
  if (places || known)
    checkCount(
      maker,
      positional.map(([name]) => name),
      known !== undefined,
      args,
    );
  for (const [i, [name, check]] of positional.entries()) {
    const value = args[i];
    if (check.fits(value) || (check.optional && value === undefined)) continue;
    refuse(ARG101(mismatch(`${name} of ${maker}`, check.expects, value)));
  }
  if (!known) return;
  const options = args[positional.length];
  if (options === undefined) return;
  if (!isOptions(options)) refuse(ARG101(mismatch(`the options of ${maker}`, 'a record', options)));
  for (const [name, value] of Object.entries(options)) {
    const check = known[name];
    if (!check) unknownOption(maker, name, Object.keys(known));
    else if (value !== undefined && !check.fits(value))
      refuse(ARG102(mismatch(`${name} of ${maker}`, check.expects, value)));
  }
}

const isOptions = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Node);

function checkCount(
  maker: string,
  names: readonly string[],
  options: boolean,
  args: readonly unknown[],
): void {
  const most = names.length + (options ? 1 : 0);
  if (args.length <= most) return;
  const expected = [...names, ...(options ? ['options'] : [])].join(', ') || 'no arguments';
  refuse(
    ARG104({
      message: `${maker} takes at most ${most} ${most === 1 ? 'argument' : 'arguments'}, not ${args.length}`,
      span: siteSpan(),
      expected,
      received: args.map(textOf).join(', '),
    }),
  );
}

function unknownOption(maker: string, name: string, known: readonly string[]): never {
  const meant = nearest(name, known);
  return refuse(
    ARG103({
      message: `${maker} has no option ${name}`,
      span: siteSpan(),
      expected: known.join(', '),
      received: name,
      ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
    }),
  );
}

function mismatch(what: string, expected: string, value: unknown) {
  return { message: `${what} must be ${expected}`, span: siteSpan(), expected, received: textOf(value) };
}

/** A value as messages show it, on one line that is not too long. */
export function textOf(value: unknown): string {
  const text = shown(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}

function shown(value: unknown): string {
  if (value instanceof Node) return value.type ? typeText(value.type) : 'a tensor';
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${shown(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

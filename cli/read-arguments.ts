/** Reads what follows a verb, by the verb's flags. */
import { parseArgs } from 'node:util';
import { nearest } from '../compiler/diagnostics/nearest.ts';
import type { Flag, Invocation, LazyCommand } from './command.ts';
import { UsageError } from './usage-error.ts';

export function readArguments(command: LazyCommand, args: readonly string[]): Invocation | 'help' {
  const { verb, flags } = command;
  const options = Object.fromEntries(
    flags.map(({ name, value }) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const files: string[] = [];
  const given: Record<string, string | number | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') return 'help';
    const flag = flags.find(({ name }) => name === token.name);
    if (!flag) throw unknownFlag(token.rawName, flags, verb);
    if (flag.name in given) throw new UsageError(`--${flag.name} is given twice`, verb);
    // `--save --json`: the value was forgotten, and the next flag taken for it.
    const isFlag = token.inlineValue === false && token.value?.startsWith('--') === true;
    given[flag.name] = readFlag(flag, isFlag ? undefined : token.value, verb);
  }
  for (const { name, value, required } of flags) {
    if (required && !(name in given)) throw new UsageError(`--${name} ${value} is missing`, verb);
  }
  checkOperands(command, files);
  return { files, flags: given };
}

function checkOperands({ verb, files, operand = 'FILE' }: LazyCommand, given: readonly string[]): void {
  if (files === 'none') {
    if (given.length > 0) throw new UsageError(`nothing is expected but flags, not ${given.join(' ')}`, verb);
    return;
  }
  if (given.length === 0 && files !== 'optional') throw new UsageError(`no ${operand} is given`, verb);
  if (files !== 'several' && given.length > 1)
    throw new UsageError(`one ${operand} is expected, not ${given.length}: ${given.join(' ')}`, verb);
}

function readFlag(flag: Flag, value: string | undefined, verb: string): string | number | boolean {
  const name = `--${flag.name}`;
  if (flag.value === undefined) {
    if (value !== undefined) throw new UsageError(`${name} takes no value, but is given ${value}`, verb);
    return true;
  }
  if (value === undefined || value === '')
    throw new UsageError(`${name} needs a value: ${name} ${flag.value}`, verb);
  if (flag.choices && !flag.choices.includes(value)) {
    const meant = nearest(value, flag.choices);
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
    throw new UsageError(`${name} is one of ${flag.choices.join(', ')}, not ${value}${hint}`, verb);
  }
  if (flag.atLeast === undefined) return value;
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < flag.atLeast) {
    throw new UsageError(`${name} is a whole number from ${flag.atLeast}, not ${value}`, verb);
  }
  return number;
}

function unknownFlag(raw: string, flags: readonly Flag[], verb: string): UsageError {
  const meant = nearest(
    raw.replace(/^-+/, ''),
    flags.map(({ name }) => name),
  );
  const hint = meant === undefined ? '' : `; did you mean --${meant}?`;
  return new UsageError(`there is no flag ${raw}${hint}`, verb);
}

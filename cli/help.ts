/** The help texts, made from the table of verbs. */
import type { Flag, LazyCommand } from './command.ts';

function flagText({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

const operandText = {
  none: () => [],
  optional: (operand: string) => [`[${operand}]`],
  one: (operand: string) => [operand],
  several: (operand: string) => [`${operand}…`],
} as const;

function usageLine({ verb, files, flags, operand = 'FILE' }: LazyCommand): string {
  const words = flags.map((flag) => (flag.required ? flagText(flag) : `[${flagText(flag)}]`));
  return ['millrace', verb, ...operandText[files](operand), ...words].join(' ');
}

export function generalHelp(commands: readonly LazyCommand[]): string {
  const width = Math.max(...commands.map(({ verb }) => verb.length));
  return [
    'millrace VERB [FILE…] [flags]',
    '',
    ...commands.map(({ verb, summary }) => `  ${verb.padEnd(width)}  ${summary}`),
    '',
    'millrace VERB --help    the flags of a verb',
    'millrace --version      the version',
    '',
    'Exit codes: 0 done · 1 errors, or a run that failed · 2 wrong usage · 130 stopped by Ctrl-C',
  ].join('\n');
}

export function verbHelp(command: LazyCommand): string {
  const width = Math.max(...command.flags.map((flag) => flagText(flag).length));
  const flags = command.flags.map((flag) => `  ${flagText(flag).padEnd(width)}  ${flag.summary}`);
  const parts = [usageLine(command), command.summary, flags.join('\n'), command.notes ?? ''];
  return parts.filter((part) => part !== '').join('\n\n');
}

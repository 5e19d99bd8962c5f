/** The command line: finds the verb, reads its flags, runs it, and says with the exit code how it went. */
import { readFile } from 'node:fs/promises';
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import { nearest } from '../compiler/diagnostics/nearest.ts';
import { commands } from './commands.ts';
import type { ExitCode } from './exit-code.ts';
import { generalHelp, verbHelp } from './help.ts';
import { print, printError } from './output.ts';
import { packageFile } from './package-file.ts';
import { readArguments } from './read-arguments.ts';
import { UsageError } from './usage-error.ts';

/** What is said goes to the standard streams of the process. */
export function commandLine(args: readonly string[]): Promise<ExitCode> {
  return answer(args).catch(exitCodeOf);
}

async function answer(args: readonly string[]): Promise<ExitCode> {
  const [verb, ...rest] = args;
  if (verb === '--version' || verb === '-v') {
    print(await version());
    return 0;
  }
  if (verb === undefined || verb === '--help' || verb === '-h' || (verb === 'help' && rest.length === 0)) {
    (verb === undefined ? printError : print)(generalHelp(commands));
    return verb === undefined ? 2 : 0;
  }
  const wanted = verb === 'help' ? rest[0] : verb;
  const command = commands.find((each) => each.verb === wanted);
  if (!command) throw unknownVerb(wanted ?? verb);
  const invocation = verb === 'help' ? 'help' : readArguments(command, rest);
  if (invocation === 'help') {
    print(verbHelp(command));
    return 0;
  }
  const run = await command.load();
  return run(invocation);
}

function unknownVerb(verb: string): UsageError {
  const verbs = commands.map((each) => each.verb);
  const meant = nearest(verb, verbs);
  return new UsageError(
    `there is no verb ${verb}${meant === undefined ? `: ${verbs.join(', ')}` : `; did you mean ${meant}?`}`,
  );
}

async function version(): Promise<string> {
  const text = await readFile(packageFile('package.json'), 'utf8');
  const { version: found } = JSON.parse(text) as { readonly version: string };
  return found;
}

/** Tells what went wrong, and with which code to exit. */
async function exitCodeOf(error: unknown): Promise<ExitCode> {
  if (error instanceof UsageError) {
    const words = error.verb === undefined ? 'millrace' : `millrace ${error.verb}`;
    printError(`${words}: ${error.message}\nsee ${words} --help`);
    return 2;
  }
  if (!(error instanceof DiagnosticError)) throw error;
  const { report } = await import('./report.ts');
  report(error.diagnostics, new Map());
  return 1;
}

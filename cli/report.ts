/** Prints diagnostics, for people or for programs. */
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { fileName, textOf } from '../compiler/diagnostics/files.ts';
import { render, toJson } from '../compiler/diagnostics/render.ts';
import type { ExitCode } from './exit-code.ts';
import type { Refused } from './open-file.ts';
import { print, printError } from './output.ts';

type Sources = ReadonlyMap<string, string>;

/** On standard error; `asResult` when the diagnostics are what was asked for: then on standard output. */
export function report(diagnostics: readonly Diagnostic[], sources: Sources, asResult = false): void {
  const stream = asResult ? process.stdout : process.stderr;
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  const source = (file: string): string | undefined => sources.get(file) ?? textOf(file);
  const texts = diagnostics.map((diagnostic) => render(diagnostic, { source, fileName, colour }));
  if (texts.length > 0) (asResult ? print : printError)(`${texts.join('\n\n')}\n`);
}

/** Says what stands in the way; gives what to tell the shell. */
export function reportRefused({ diagnostics, sources, exitCode }: Refused): ExitCode {
  report(diagnostics, sources);
  return exitCode;
}

export function reportJson(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) print(JSON.stringify(toJson(diagnostic, fileName)));
}

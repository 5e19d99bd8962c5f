/** Prints diagnostics, for people or for programs. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
import { render, toJson } from '../compiler/diagnostics/render.ts';
import { print, printError } from './output.ts';

type Sources = ReadonlyMap<string, string>;

/** Relative to the working directory, where that is shorter. */
export function fileName(file: string): string {
  const near = relative(process.cwd(), file);
  return near === '' || near.length > file.length || near.startsWith('../../') ? file : near;
}

/** On standard error; `asResult` when the diagnostics are what was asked for: then on standard output. */
export function report(diagnostics: readonly Diagnostic[], sources: Sources, asResult = false): void {
  const stream = asResult ? process.stdout : process.stderr;
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  const source = (file: string): string | undefined => sources.get(file) ?? textOf(file);
  const texts = diagnostics.map((diagnostic) => render(diagnostic, { source, fileName, colour }));
  if (texts.length > 0) (asResult ? print : printError)(`${texts.join('\n\n')}\n`);
}

export function reportJson(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) print(JSON.stringify(toJson(diagnostic, fileName)));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** What is printed for an error that carries diagnostics: the picture that the command line shows, not its fields. */
import { spanText } from '../ir/span.ts';
import type { Diagnostic } from './diagnostic.ts';
import { fileName, textOf } from './files.ts';
import { render } from './render.ts';

/** How many calls of the user's are shown for an error that knows no place. */
const framesShown = 4;

/**
 * `trace` is the stack as V8 writes it. The last lines have the form of a stack's, so that tools which read stacks find the
 * place in the user's file.
 */
export function picture(diagnostics: readonly Diagnostic[], trace: string, colour = false): string {
  const texts = diagnostics.map((diagnostic) => render(diagnostic, { source: textOf, fileName, colour }));
  const placed = diagnostics.find(({ span }) => span.file !== '');
  const frames = placed ? [`    at ${spanText(placed.span)}`] : usersFrames(trace);
  return [texts.join('\n\n'), ...frames].join('\n');
}

/** The calls on the stack that stand in the user's files. */
function usersFrames(trace: string): string[] {
  return trace
    .split('\n')
    .filter((line) => /^ {4}at /.test(line) && !/node:|[\\/]node_modules[\\/]/.test(line))
    .slice(0, framesShown);
}

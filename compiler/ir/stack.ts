/** Places read off a stack trace: the calls that stand in programs, not in Millrace or in Node. */
import type { Span } from './span.ts';
import { nowhere } from './span.ts';

/** `at name (place:line:column)` or `at place:line:column`, where the place is a path or a URL of a file. */
const frame =
  /^\s*at (?:async )?(?:.*? \()?(file:\/\/[^()]*?|\/[^()]*?|[A-Za-z]:[\\/][^()]*?):(\d+):(\d+)\)?$/;

const slashed = (path: string): string => path.replaceAll('\\', '/');

/**
 * The innermost call outside the folders in `own`, with the calls that led to it. A pipeline may live in an installed
 * package: the innermost call may stand there, and the way to it is told without packages.
 */
export function spanOfStack(stack: string, own: readonly string[], toPath: (url: string) => string): Span {
  const rooms = own.map(slashed);
  const spans: Span[] = [];
  for (const text of stack.split('\n')) {
    const match = frame.exec(text);
    if (!match) continue;
    const [, place = ''] = match;
    const file = place.startsWith('file:') ? toPath(place) : place;
    const path = slashed(file);
    if (rooms.some((room) => path.startsWith(room)) || path.includes('/node_modules/rxjs/')) continue;
    if (spans.length > 0 && path.includes('/node_modules/')) continue;
    const [line, column] = [Number(match[2]), Number(match[3])];
    spans.push({ file, line, column, endLine: line, endColumn: column + 1 });
  }
  const [inner, ...via] = spans;
  if (!inner) return nowhere;
  return via.length > 0 ? { ...inner, via } : inner;
}

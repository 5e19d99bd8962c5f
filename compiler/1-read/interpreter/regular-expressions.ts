/** Patterns of the user's are matched by the language itself, which may take for ever: a clock stands beside it. */
import { runInNewContext } from 'node:vm';
import type { ts } from 'ts-morph';
import { DiagnosticError } from '../../diagnostics/diagnostic.ts';
import { SRC113 } from '../../diagnostics/source.ts';
import { textOf } from './place.ts';
import type { Callable } from './present.ts';
import { fails } from './refusals.ts';
import type { Scope } from './scope.ts';

/** Longer than any sensible pattern needs for a text that stands in a program. */
const timeLimit = 500;

export function regularExpression(node: ts.RegularExpressionLiteral, scope: Scope): RegExp {
  const end = node.text.lastIndexOf('/');
  try {
    return new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
  } catch (error) {
    return fails(scope.world, node, error instanceof Error ? error.message : String(error));
  }
}

/**
 * Before a call that matches a pattern: matches a copy of it, on the same text, for a limited time. A call that has come
 * to an end once does so again, so that the call itself needs no clock and may call back into the reader.
 */
export function tryPattern(
  callee: Callable,
  object: unknown,
  args: readonly unknown[],
  node: ts.CallExpression,
  scope: Scope,
): void {
  const [first] = args;
  const isMethod = object instanceof RegExp && (callee.name === 'exec' || callee.name === 'test');
  const pattern = isMethod
    ? object
    : typeof object === 'string' && first instanceof RegExp
      ? first
      : undefined;
  if (!pattern) return;
  const text = String(isMethod ? first : object);
  if (!mayTakeLong(pattern, text)) return;
  const flags = isMethod || callee.name === 'split' ? pattern.flags : `${pattern.flags.replace('g', '')}g`;
  const copy = new RegExp(pattern.source, flags);
  copy.lastIndex = pattern.lastIndex;
  const match = (): unknown =>
    isMethod ? copy.exec(text) : callee.name === 'split' ? text.split(copy) : text.replace(copy, '');
  try {
    runInNewContext('match()', { match }, { timeout: timeLimit });
  } catch (error) {
    // It is an Error of whichever realm; its code says what it is.
    if ((error as { readonly code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new DiagnosticError([
      SRC113({
        message: `the pattern /${pattern.source}/ does not come to an end on ${text.length} characters`,
        span: scope.world.siteOf(node),
        label: textOf(node, 40),
        hint: 'a repetition inside a repetition tries all ways to share the text among them: let only one repeat',
      }),
    ]);
  }
}

/** Without a repetition, or on a few characters, no pattern takes long. */
function mayTakeLong({ source }: RegExp, text: string): boolean {
  return text.length > 16 && /[*+}]/.test(source);
}

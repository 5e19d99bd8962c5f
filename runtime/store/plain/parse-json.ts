/** JSON from a file that may be anything: whatever is wrong with it is Damaged, and nesting has a limit. */
import { saying } from '../../../compiler/diagnostics/because.ts';
import { Damaged } from '../damaged.ts';

/** Deeper than anything we write; whoever walks what was read may call himself. */
const depthLimit = 500;

export function parseJson(text: string): unknown {
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Damaged(`the file is not JSON: ${saying(error).slice(0, 200)}`, 0, undefined, error);
  }
}

export function recordOf(
  value: unknown,
  otherwise = 'a record is expected',
): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new Damaged(otherwise, 0);
}

const quote = 0x22;
const backslash = 0x5c;

function checkDepth(text: string): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === backslash) i++;
      else if (code === quote) inText = false;
    } else if (code === quote) inText = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > depthLimit) throw new Damaged('the file is nested too deep', i);
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

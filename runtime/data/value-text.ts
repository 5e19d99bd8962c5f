/** How a value of any kind is shown in a message: short, and never failing. */
import { quoted, shortened } from '../../compiler/diagnostics/shortened.ts';

const longest = 60;
/** How many axes of nested arrays are told; an array may hold itself. */
const deepest = 6;
/** Writing a bigint in decimals takes longer than its length. */
const bigLimit = 2n ** 128n;

/**
 * At most 200 characters, and no more work than looking at the value's own parts once: nothing is followed deeper than
 * six arrays, and what cannot be looked at (a proxy, a getter that throws) is said to be that.
 */
export function valueText(value: unknown): string {
  try {
    return shortened(described(value));
  } catch {
    return 'a value that cannot be looked at';
  }
}

function described(value: unknown): string {
  if (typeof value === 'string') return quoted(value, longest);
  if (typeof value === 'bigint') return bigintText(value);
  if (Array.isArray(value)) return `an array of ${value.length}${dimsText(value)}`;
  if (ArrayBuffer.isView(value)) {
    return `${shortened(String(value.constructor.name), longest)} of ${'length' in value ? value.length : 0}`;
  }
  if (value instanceof Date) return 'a Date';
  if (typeof value === 'object' && value !== null) return `an object with ${keysText(value)}`;
  return typeof value === 'function' ? 'a function' : shortened(String(value), longest);
}

function bigintText(value: bigint): string {
  return -bigLimit < value && value < bigLimit ? `${value}n` : 'a bigint of more than 128 bits';
}

function keysText(value: object): string {
  // As many as can be shown, should each have one letter.
  const keys = Object.keys(value).slice(0, longest);
  return shortened(keys.map((key) => shortened(key, longest)).join(', ') || 'no properties', longest);
}

function dimsText(value: readonly unknown[]): string {
  const dims: string[] = [];
  for (let inner: unknown = value; Array.isArray(inner); inner = inner[0]) {
    if (dims.length === deepest) {
      dims.push('…');
      break;
    }
    dims.push(String(inner.length));
  }
  return dims.length > 1 ? `, nested as [${dims.join(', ')}]` : '';
}

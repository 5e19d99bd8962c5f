/** Reads a real number as data files write it, in time by the text's length whatever stands in it. */

const names: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);
const longestName = '+infinity'.length;

/**
 * A decimal number such as `-1.5e-3`, `.5` or `2.`, or NaN or an infinity by name, with blanks around it or none;
 * undefined for any other text. `Number` alone would take '', '0x10' and '0b1' as well; a regular expression may go back
 * over the digits once for each of them.
 */
export function realNumber(text: string): number | undefined {
  if (isDecimal(text)) return Number(text);
  const word = text.trim();
  if (word.length > longestName) return isDecimal(word) ? Number(word) : undefined;
  return names.get(word.toLowerCase()) ?? (isDecimal(word) ? Number(word) : undefined);
}

const plus = 43;
const minus = 45;
const point = 46;
const smallE = 101;
const largeE = 69;

/** Sign, digits with a point among or around them, exponent. */
function isDecimal(text: string): boolean {
  const { length } = text;
  let at = afterSign(text, 0);
  const whole = afterDigits(text, at);
  let digits = whole - at;
  at = whole;
  if (at < length && text.charCodeAt(at) === point) {
    const fraction = afterDigits(text, at + 1);
    digits += fraction - at - 1;
    at = fraction;
  }
  if (digits === 0) return false;
  if (at === length) return true;
  const code = text.charCodeAt(at);
  if (code !== smallE && code !== largeE) return false;
  const exponent = afterSign(text, at + 1);
  const end = afterDigits(text, exponent);
  return end > exponent && end === length;
}

function afterSign(text: string, at: number): number {
  if (at === text.length) return at;
  const code = text.charCodeAt(at);
  return code === plus || code === minus ? at + 1 : at;
}

function afterDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) break;
    at++;
  }
  return at;
}

/** Names as the text form holds them: a column may be called anything, a word of the text may not. */

/** Blanks end a word, `=` and `@` begin other things, and what begins as a number does is one. */
const unsafe = /[\s%=@]|^[-\d]|^(?:N(?=aN$)|I(?=nfinity$))/g;

const encoder = new TextEncoder();

/** The name as one word: what a word cannot hold is written `%20`, by its UTF-8 bytes. */
export function nameText(name: string): string {
  return name === '' ? '%' : name.replace(unsafe, escaped);
}

/** The name behind a word; undefined where the word is none. */
export function nameOfText(word: string): string | undefined {
  if (word === '%') return '';
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined;
  }
}

/** A path as one word; `<` stands between places. */
export function pathText(path: string): string {
  return path.replace(/[\s%<]/g, escaped);
}

function escaped(text: string): string {
  return [...encoder.encode(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

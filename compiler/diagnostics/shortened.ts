/** Cuts what a user or a file gave down to what a message has room for. */

/** How many characters of one given value a message shows. */
const shown = 200;

/** The text, or its beginning and an ellipsis; never longer than `most` characters, by default 200. */
export function shortened(text: string, most = shown): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** The text in quotes and escapes, cut before it is quoted: `"abc…"`. */
export function quoted(text: string, most = shown): string {
  // An escape such as \u0000 makes six characters of one, so the quoted text is cut once more.
  return shortened(JSON.stringify(shortened(text, most - 2)), most);
}

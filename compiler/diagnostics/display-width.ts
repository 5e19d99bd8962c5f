/** How many terminal columns text takes: tabs become spaces, wide characters take two, combining ones none. */

const combining = /^(?:\p{Mark}|\p{Format})/u;
const pictograph = /^\p{Emoji_Presentation}/u;

/** Ranges that East Asian fonts draw two columns wide. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (combining.test(character)) continue;
    width += isWide(character.codePointAt(0) ?? 0) || pictograph.test(character) ? 2 : 1;
  }
  return width;
}

/** Tabs as two spaces, so that marks stand below what they mark. */
export function expandTabs(text: string): string {
  return text.replaceAll('\t', '  ');
}

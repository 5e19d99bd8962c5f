/** Colours for a terminal, or none. */

export interface Paint {
  readonly severity: (severity: string, text: string) => string;
  readonly bold: (text: string) => string;
  readonly frame: (text: string) => string;
  readonly primary: (text: string) => string;
  readonly secondary: (text: string) => string;
}

const code = (number: string) => (text: string) => `\u001b[${number}m${text}\u001b[0m`;
const severities: Readonly<Record<string, string>> = { error: '1;31', warning: '1;33', info: '1;36' };

export const colours: Paint = {
  severity: (severity, text) => code(severities[severity] ?? '1')(text),
  bold: code('1'),
  frame: code('34'),
  primary: code('31'),
  secondary: code('36'),
};

const same = (text: string): string => text;
export const plain: Paint = {
  severity: (_, text) => text,
  bold: same,
  frame: same,
  primary: same,
  secondary: same,
};

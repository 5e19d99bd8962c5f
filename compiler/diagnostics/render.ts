/** The one renderer of diagnostics, for people; `toJson` is for programs. */
import type { Span } from '../ir/span.ts';
import type { Mark } from './code-frame.ts';
import { codeFrame } from './code-frame.ts';
import type { Diagnostic } from './diagnostic.ts';
import { colours, plain } from './paint.ts';

export interface RenderOptions {
  /** The text of a file; where there is none, the place is given without its lines. */
  readonly source?: (file: string) => string | undefined;
  /** How a file is called, such as relative to the working directory. Default: as it is. */
  readonly fileName?: ((file: string) => string) | undefined;
  readonly colour?: boolean | undefined;
}

/** How many of the calls that led to a place are shown. */
const callsShown = 3;

/**
 * error SHP201: matmul cannot contract 784 with 128
 *   ┌─ examples/mnist.ts:14:18
 *   │
 * 14│ const logits = matmul(hidden, w2)
 *   │                ^^^^^^^^^^^^^^^^^^ last axis of hidden (128) meets first axis of w2 (784)
 *   = expected  w2 : f32[128, _]
 */
export function render(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const { source = () => undefined, fileName = (file: string) => file, colour = false } = options;
  const paint = colour ? colours : plain;
  const { code, severity, message, span } = diagnostic;
  const lines = [`${paint.severity(severity, `${severity} ${code}`)}${paint.bold(`: ${message}`)}`];
  const groups = byFile(diagnostic);
  const last = Math.max(...groups.flatMap(([, marks]) => marks.map((mark) => mark.span.endLine)), 0);
  const width = Math.max(2, String(last).length);
  const margin = ' '.repeat(width);
  for (const [file, marks] of groups) {
    const first = marks.find((mark) => mark.isPrimary) ?? marks[0]!;
    lines.push(`${margin}${paint.frame('┌─')} ${fileName(file)}:${first.span.line}:${first.span.column}`);
    const text = source(file);
    if (text === undefined) continue;
    lines.push(`${margin}${paint.frame('│')}`, ...codeFrame(text.split(/\r?\n/), marks, width, paint));
  }
  const fact = (name: string, text: string | undefined): void => {
    if (text === undefined) return;
    const [head, ...more] = text.split('\n');
    lines.push(
      `${margin}${paint.frame('=')} ${name.padEnd(8)}  ${head}`,
      ...more.map((line) => `${margin}            ${line}`),
    );
  };
  fact('expected', diagnostic.expected);
  fact('received', diagnostic.received);
  fact('hint', diagnostic.hint);
  for (const call of span.via?.slice(0, callsShown) ?? []) {
    fact('called', `${fileName(call.file)}:${call.line}:${call.column}`);
  }
  fact('more', `millrace explain ${code}`);
  return lines.join('\n');
}

/** The places by file, the primary one's first. A place without a file is left out. */
function byFile({ span, label, labels }: Diagnostic): [string, Mark[]][] {
  const groups = new Map<string, Mark[]>();
  const marks: Mark[] = [
    { span, text: label ?? '', isPrimary: true },
    ...labels.map(({ span: place, text }) => ({ span: place, text, isPrimary: false })),
  ];
  for (const mark of marks) {
    if (mark.span.file === '') continue;
    const group = groups.get(mark.span.file) ?? [];
    group.push(mark);
    groups.set(mark.span.file, group);
  }
  return [...groups];
}

/** One diagnostic as plain data, with the fields in a fixed order; print it with JSON.stringify, one a line. */
export function toJson(
  diagnostic: Diagnostic,
  fileName = (file: string): string => file,
): Readonly<Record<string, unknown>> {
  const { code, severity, message, span, label, labels, expected, received, hint } = diagnostic;
  return {
    code,
    severity,
    message,
    ...place(span, fileName),
    label: label ?? null,
    labels: labels.map((each) => ({ ...place(each.span, fileName), text: each.text })),
    expected: expected ?? null,
    received: received ?? null,
    hint: hint ?? null,
  };
}

function place({ file, line, column, endLine, endColumn }: Span, fileName: (file: string) => string): object {
  return { file: fileName(file), line, column, endLine, endColumn };
}

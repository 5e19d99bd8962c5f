/** A sample of a code: a program that is refused with it, and one that is mended. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { render } from '../../compiler/diagnostics/render.ts';
import type { Span } from '../../compiler/index.ts';
import { check } from '../../compiler/index.ts';
import { root } from '../architecture/source-files.ts';
import { called } from '../cli/in-process.ts';
import { build, millrace } from '../cli/millrace.ts';

/**
 * `input` is a program that the compiler's check reads and never runs. `sample` exports a function that is run, for what
 * only shows in a run. `command` holds lines for a shell, for what the command line alone can meet. Each has a mended
 * twin called `fixed`.
 */
export interface Sample {
  readonly code: string;
  readonly form: 'input' | 'sample' | 'command';
}

/** What was said about a program, as the command line shows it, standing in the sample's folder. */
export interface Said {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export const folderOf = (code: string): string => join(root, 'specs/diagnostics', code);

export function sampleOf(code: string): Sample | undefined {
  const has = (file: string): boolean => existsSync(join(folderOf(code), file));
  if (has('command.txt')) return { code, form: 'command' };
  if (has('sample.ts')) return { code, form: 'sample' };
  return has('input.ts') ? { code, form: 'input' } : undefined;
}

export const read = (code: string, file: string): string => readFileSync(join(folderOf(code), file), 'utf8');

/** What is said about the program that is wrong, or about its mended twin. */
export async function saidOf({ code, form }: Sample, which: 'wrong' | 'fixed'): Promise<Said> {
  const name = which === 'wrong' ? form : 'fixed';
  if (form === 'command') return commanded(code, read(code, `${name}.txt`));
  const path = join(folderOf(code), `${name}.ts`);
  const diagnostics = form === 'input' ? (await check(path)).diagnostics : await refusalsOf(path);
  return { diagnostics, text: shown(code, diagnostics.map(withoutMarks)) };
}

async function refusalsOf(path: string): Promise<readonly Diagnostic[]> {
  const { default: run }: { default: () => unknown } = await import(path);
  try {
    await run();
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map((each) => calledIn(path, each));
    throw error;
  }
}

/** Without the calls by which the specs came to the sample. */
function calledIn(path: string, diagnostic: Diagnostic): Diagnostic {
  const { via, ...span } = diagnostic.span;
  const own = via?.filter(({ file }) => file === path) ?? [];
  return { ...diagnostic, span: own.length > 0 ? { ...span, via: own } : span };
}

/** Codes whose program is loaded as Node loads modules, in a process of its own. */
const loading = new Set(['SRC122']);

/** Runs the lines in turn and gives what the last one says on standard error, if it fails. */
async function commanded(code: string, lines: string): Promise<Said> {
  if (loading.has(code)) build();
  const model = mkdtempSync(join(tmpdir(), 'millrace-sample-'));
  let text = '';
  for (const line of lines.trim().split('\n')) {
    const [, ...args] = line.replaceAll('$MODEL', model).split(' ');
    const { status, stderr } = loading.has(code)
      ? millrace(folderOf(code), args)
      : await called(folderOf(code), args);
    text = status === 0 ? '' : stderr;
  }
  rmSync(model, { recursive: true });
  return { text: local(code, text), diagnostics: [] };
}

const isText = (file: string): boolean => /\.(ts|csv|jsonl|json)$/.test(file);

function shown(code: string, diagnostics: readonly Diagnostic[]): string {
  const folder = folderOf(code);
  const fileName = (file: string): string => (file.startsWith(folder) ? relative(folder, file) : file);
  const source = (file: string): string | undefined =>
    existsSync(file) && isText(file) ? unmarked(readFileSync(file, 'utf8')) : undefined;
  return local(code, diagnostics.map((each) => `${render(each, { fileName, source })}\n`).join('\n'));
}

/** Without the places of this machine, and of this version of Node. */
function local(code: string, text: string): string {
  return text
    .replaceAll(/^ *at .*\(node:.*\n/gm, '')
    .replaceAll(`file://${folderOf(code)}/`, './')
    .replaceAll(`${folderOf(code)}/`, '')
    .replaceAll(new RegExp(`${tmpdir()}/[\\w-]+`, 'g'), 'MODEL');
}

const markLine = /^( *\/\/ *)(\^+) ([A-Z]{3}\d{3})$/;

/** A program as it would be without its marks. */
export function unmarked(text: string): string {
  return text
    .split('\n')
    .filter((row) => !markLine.test(row))
    .join('\n');
}

/** The same places in the program without its marks. */
function withoutMarks(diagnostic: Diagnostic): Diagnostic {
  const moved = (span: Span): Span => {
    if (!existsSync(span.file)) return span;
    const rows = readFileSync(span.file, 'utf8').split('\n');
    const above = (line: number): number =>
      rows.slice(0, line - 1).filter((row) => markLine.test(row)).length;
    return { ...span, line: span.line - above(span.line), endLine: span.endLine - above(span.endLine) };
  };
  return {
    ...diagnostic,
    span: moved(diagnostic.span),
    labels: diagnostic.labels.map((label) => ({ ...label, span: moved(label.span) })),
  };
}

/** A place and a code for each comment of carets, as `2:14-18 SHP201`; the line is the one above. */
export function marksOf(text: string): string[] {
  return text.split('\n').flatMap((row, line) => {
    const match = markLine.exec(row);
    if (!match) return [];
    const start = match[1]!.length + 1;
    return [`${line}:${start}-${start + match[2]!.length} ${match[3]}`];
  });
}

/** The places of diagnostics in the form of marks; of a place of several lines, as far as its first line goes. */
export function placesOf(diagnostics: readonly Diagnostic[], text: string): string[] {
  const rows = text.split('\n');
  return diagnostics.map(({ code, span: { line, column, endLine, endColumn } }) => {
    const end = endLine === line ? endColumn : (rows[line - 1]?.length ?? 0) + 1;
    return `${line}:${column}-${end} ${code}`;
  });
}

/** The page of a code: prose by hand, the example from its sample. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../architecture/source-files.ts';
import { codes } from './codes.ts';
import type { Sample } from './sample.ts';
import { folderOf, read, unmarked } from './sample.ts';

export const pagePath = (code: string): string => join(root, 'docs/errors', `${code}.md`);

const exampleHeading = '\n## Example\n';

/** What a person wrote: all between the title and the example. */
export function proseOf(code: string): string {
  const path = pagePath(code);
  if (!existsSync(path)) return '';
  const [, ...rest] = readFileSync(path, 'utf8').split('\n');
  return rest.join('\n').split(exampleHeading)[0]!.trim();
}

const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trim()}\n\`\`\``;

/** A program without its marks. */
function program(code: string, file: string): string {
  return block('ts', unmarked(read(code, file)));
}

function wrong({ code, form }: Sample): string[] {
  if (form !== 'command') return [program(code, `${form}.ts`)];
  const programs = ['input.ts', 'program.ts'].filter((file) => existsSync(join(folderOf(code), file)));
  return [...programs.map((file) => program(code, file)), block('sh', read(code, 'command.txt'))];
}

/** The page as it should be. */
export function pageOf(sample: Sample, said: string): string {
  const { code, form } = sample;
  const parts = [
    `# ${code}: ${codes.get(code)!.title}`,
    proseOf(code),
    exampleHeading.trim(),
    ...wrong(sample),
    'gives',
    block('text', said),
    'Mended:',
    form === 'command' ? block('sh', read(code, 'fixed.txt')) : program(code, 'fixed.ts'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The list of all codes. */
export function indexPage(): string {
  const rows = [...codes.values()].map(({ code, title }) => `| [${code}](${code}.md) | ${title} |`);
  return [
    '# Diagnostics',
    '',
    'Every refusal has a code, and every code a page with an example that is checked whenever the specs run.',
    '`SRC` reading TypeScript · `PIP` pipelines · `SHP` shapes · `DTY` dtypes · `GRD` gradients · `PLN` planning ·',
    '`ARG` arguments · `ENG` engines · `DAT` data · `RUN` runs and saved models · `SES` sessions · `TXT` the text form of graphs · `LNT` remarks on sound',
    'programs.',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** `millrace explain CODE`: the page of a diagnostic: what it means, an example, and the example mended. */
import { readdir, readFile } from 'node:fs/promises';
import { nearest } from '../../compiler/diagnostics/nearest.ts';
import type { Command } from '../command.ts';
import { print } from '../output.ts';
import { packageFile } from '../package-file.ts';
import { UsageError } from '../usage-error.ts';

export const explain: Command['run'] = async ({ files }) => {
  const wanted = files[0]?.toUpperCase() ?? '';
  const pages = await readdir(packageFile('docs/errors/'));
  const codes = pages.map((page) => page.replace(/\.md$/, '')).filter((name) => name !== 'README');
  if (!codes.includes(wanted)) throw unknownCode(wanted, codes);
  print((await readFile(packageFile(`docs/errors/${wanted}.md`), 'utf8')).trimEnd());
  return 0;
};

function unknownCode(code: string, codes: readonly string[]): UsageError {
  const family = codes.filter((each) => each.startsWith(code.slice(0, 3)));
  const meant = nearest(code, codes);
  const hint = family.length > 0 ? `: ${family.join(', ')}` : meant && `; did you mean ${meant}?`;
  return new UsageError(`there is no diagnostic ${code}${hint ?? ''}`, 'explain');
}

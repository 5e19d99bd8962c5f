/** The path of a file that was given as a path or as an address. */
import { fileURLToPath } from 'node:url';
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';

/** `reader` is who asks, for the message. */
export function pathOf(file: URL | string, reader: string): string {
  if (typeof file === 'string' && !file.startsWith('file:')) return file;
  const url = new URL(file);
  if (url.protocol === 'file:') return fileURLToPath(url);
  return refuse(
    DAT701({
      message: `${reader} reads files, not ${url.protocol} addresses`,
      span: nowhere,
      expected: 'a path, or new URL(path, import.meta.url)',
      received: url.href,
    }),
  );
}

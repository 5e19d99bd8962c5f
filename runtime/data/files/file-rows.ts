/** The rows of several files, one after the other, from any position. */
import { DAT701 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { ChunkedSource } from '../live/chunked-cursor.ts';
import type { FilePosition, RowFormat } from './placed-row.ts';

/** `isSorted`: the files are in the order of their names, so that those after one that is gone are known. */
export function fileRows<At>(
  list: () => readonly string[],
  format: (path: string) => RowFormat<At>,
  isSorted = false,
): ChunkedSource<FilePosition<At>> {
  return {
    async *open(begun) {
      const files = list();
      for (const file of begun ? filesFrom(files, begun.file, isSorted) : files) {
        yield* format(file)(file, file === begun?.file ? begun.at : undefined);
      }
    },
  };
}

function filesFrom(files: readonly string[], begun: string, isSorted: boolean): readonly string[] {
  const at = files.indexOf(begun);
  if (at >= 0) return files.slice(at);
  if (isSorted) return files.filter((file) => file > begun);
  return refuse(
    DAT701({
      message: 'the file in which reading is to go on is none of those that are given',
      span: nowhere,
      expected: files.join(', '),
      received: begun,
    }),
  );
}

/** The delimiter of comma-separated values, which must be one character that means nothing else. */
import { DAT715 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { CsvFormat } from '../../../dsl/dataset.ts';

export function delimiterOf({ delimiter = ',' }: CsvFormat): string {
  if (delimiter.length === 1 && !'"\r\n'.includes(delimiter)) return delimiter;
  return refuse(
    DAT715({
      message: 'the delimiter of csv must be one character',
      span: nowhere,
      expected: "one character such as ',' or ';'",
      received: JSON.stringify(delimiter),
    }),
  );
}

/** Which field of a CSV file has which name; a name that is asked for must stand there once. */
import { DAT702, DAT703 } from '../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { quoted } from '../../../compiler/diagnostics/shortened.ts';
import type { CsvRecord } from './csv-scanner.ts';
import { fieldSpan } from './csv-scanner.ts';

/** Gives the field of a name, or undefined where there is none. */
export type FieldOf = (name: string) => number | undefined;

/**
 * Names that nobody asks for may stand twice: many files have several columns without a name. Of two columns with the name
 * of one that is read, either might be meant, so that is refused with DAT702.
 */
export function fieldsByName(file: string, header: CsvRecord): FieldOf {
  if (header.problem) refuse(header.problem);
  if (header.count > header.fields.length) {
    refuse(
      DAT703({
        message: `the header has ${header.count} fields`,
        span: fieldSpan(file, header, header.fields.length - 1),
        expected: `at most ${header.fields.length} fields`,
        received: `${header.count} fields`,
      }),
    );
  }
  const places = new Map<string, number>();
  const again = new Map<string, number>();
  for (const [place, name] of header.fields.entries()) {
    if (places.has(name)) again.set(name, place);
    else places.set(name, place);
  }
  return (name) => {
    const first = places.get(name);
    const second = again.get(name);
    if (first === undefined || second === undefined) return first;
    return refuse(
      DAT702({
        message: `the header has the name ${quoted(name)} twice`,
        span: fieldSpan(file, header, second),
        label: 'the second one',
        labels: [{ span: fieldSpan(file, header, first), text: 'the first one' }],
        expected: 'one column of this name',
        received: 'two',
        hint: 'rename the one that is not meant',
      }),
    );
  };
}

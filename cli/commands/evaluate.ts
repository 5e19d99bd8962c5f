/** `millrace evaluate [FILE] --model DIR [--input FILE] [--json]` */
import type { Row, Schema } from '../../dsl/column.ts';
import type { Dataset } from '../../dsl/dataset.ts';
import { from } from '../../dsl/dataset.ts';
import { load } from '../../runtime/index.ts';
import type { Command } from '../command.ts';
import { requiredFlag, textFlag } from '../command.ts';
import { engineFlag } from '../engine-flag.ts';
import { interruptible } from '../interruptible.ts';
import { withData } from '../native-data.ts';
import { Refused } from '../open-file.ts';
import { print } from '../output.ts';
import { reportRefused } from '../report.ts';
import { rowsIn } from '../rows-in.ts';
import { programOf } from '../same-program.ts';

export const evaluate: Command['run'] = async ({ files, flags }) => {
  const chosen = await programOf(files, flags);
  if (chosen instanceof Refused) return reportRefused(chosen);
  const { signal, end } = interruptible();
  try {
    const model = await load(requiredFlag(flags, 'model'), engineFlag(flags));
    const input = textFlag(flags, 'input');
    const data =
      chosen && input === undefined ? await withData(chosen) : dataset(input, model.schema, signal);
    const { loss, metrics } = await model.evaluate(data, { signal });
    model.dispose();
    if (flags.json) print(JSON.stringify({ loss, metrics }));
    else for (const [name, value] of Object.entries({ loss, ...metrics })) print(`${name}  ${value}`);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    end();
  }
};

/** The rows that come in, a piece of text at a time. */
function dataset(input: string | undefined, schema: Schema, signal: AbortSignal): Dataset {
  return from(schema, async function* () {
    for await (const rows of rowsIn(input, schema, signal))
      for (const { row } of rows) yield row as Row<Schema>; // its values are checked where they are read
  });
}

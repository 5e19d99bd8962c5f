/** `millrace predict [FILE] --model DIR [--program NAME] [--input FILE]`: rows in, one answer a row out, as they come. */
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { load } from '../../runtime/index.ts';
import type { Command } from '../command.ts';
import { requiredFlag, textFlag } from '../command.ts';
import { engineFlag } from '../engine-flag.ts';
import { interruptible } from '../interruptible.ts';
import { Refused } from '../open-file.ts';
import { printPaced } from '../output.ts';
import { reportRefused } from '../report.ts';
import type { RowIn } from '../rows-in.ts';
import { rowsIn } from '../rows-in.ts';
import { programOf } from '../same-program.ts';

export const predict: Command['run'] = async ({ files, flags }) => {
  const chosen = await programOf(files, flags);
  if (chosen instanceof Refused) return reportRefused(chosen);
  const { signal, end } = interruptible();
  try {
    const model = await load(requiredFlag(flags, 'model'), engineFlag(flags));
    const program = textFlag(flags, 'program');
    const ask: Ask = (rows) => (program === undefined ? model.predict(rows) : model.run(program, rows));
    const schema = program === undefined ? model.schema : model.schemaOf(program);
    for await (const rows of rowsIn(textFlag(flags, 'input'), schema, signal)) await answer(ask, rows);
    model.dispose();
    return signal.aborted ? 130 : 0;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    end();
  }
};

type Ask = (rows: readonly object[]) => unknown[];

/** Answers rows together; if one of them does not fit, those before it are answered and it is told by its place. */
async function answer(ask: Ask, rows: readonly RowIn[]): Promise<void> {
  let answers: unknown[];
  try {
    answers = ask(rows.map(({ row }) => row));
  } catch (error) {
    if (!(error instanceof DiagnosticError) || rows.length === 0) throw error;
    if (rows.length > 1) {
      for (const row of rows) await answer(ask, [row]);
      return;
    }
    const { span } = rows[0]!;
    throw new DiagnosticError(error.diagnostics.map((diagnostic) => ({ ...diagnostic, span })));
  }
  await printPaced(answers.map((each) => JSON.stringify(each)).join('\n'));
}

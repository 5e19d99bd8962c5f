/** `millrace evaluate FILE --model DIR [--json]` */
import { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
import { load } from '../runtime/index.ts';
import type { Command } from './command.ts';
import { textFlag } from './command.ts';
import { engineFlag } from './engine-flag.ts';
import { interruptible } from './interruptible.ts';
import { withData } from './native-data.ts';
import { openPipeline, Refused } from './open-file.ts';
import { print } from './output.ts';
import { report } from './report.ts';

export const evaluate: Command['run'] = async ({ files: [file], flags }) => {
  const chosen = await openPipeline(file!, textFlag(flags, 'pipeline'));
  if (chosen instanceof Refused) {
    report(chosen.diagnostics, chosen.sources);
    return chosen.exitCode;
  }
  const interruption = interruptible();
  try {
    const pipeline = await withData(chosen);
    const model = await load(textFlag(flags, 'model')!, engineFlag(flags));
    const { loss, metrics } = await model.evaluate(pipeline, { signal: interruption.signal });
    model.dispose();
    if (flags.json) print(JSON.stringify({ loss, metrics }));
    else for (const [name, value] of Object.entries({ loss, ...metrics })) print(`${name}  ${value}`);
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) return 130;
    if (!(error instanceof DiagnosticError)) throw error;
    report(error.diagnostics, chosen.file.sources);
    return 1;
  } finally {
    interruption.end();
  }
};

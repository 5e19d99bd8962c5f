/** `millrace setup tensorflow`: makes an engine ready that needs more than this package. */
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Command } from '../command.ts';
import { print, printError } from '../output.ts';
import { report } from '../report.ts';
import { setUp } from '../tensorflow/set-up.ts';
import { UsageError } from '../usage-error.ts';

export const setup: Command['run'] = async ({ files: [what] }) => {
  if (what !== 'tensorflow') throw new UsageError(`setup knows tensorflow, not ${what}`, 'setup');
  try {
    const { binding, version } = await setUp((line) => printError(`· ${line}`));
    print(`TensorFlow ${version} is ready, in ${binding.home}`);
    return 0;
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    report(error.diagnostics, new Map());
    return 1;
  }
};

/** Evaluates in the midst of training. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import type { CommandKind } from './command.ts';
import { lacking } from './command.ts';

export interface EvaluateNow {
  readonly command: 'evaluate';
}

/** Evaluates on the validation data. Refused (RUN804) where the pipeline has none. */
export function evaluateNow(): EvaluateNow {
  return { command: 'evaluate' };
}

export const evaluating: CommandKind<EvaluateNow> = {
  command: 'evaluate',
  async perform(_, run, asker) {
    if (!run.validates) refuse(lacking(asker, 'an evaluation', 'a pipeline with validation data', 'none'));
    await run.evaluate();
  },
};

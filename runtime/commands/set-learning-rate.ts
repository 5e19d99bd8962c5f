/** Changes the learning rate of an optimizer that has a fixed one. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import type { CommandKind } from './command.ts';
import { lacking } from './command.ts';

export interface SetLearningRate {
  readonly command: 'setLearningRate';
  readonly learningRate: number;
  readonly objective?: string;
}

/**
 * From the next batch on: of one objective, or of all that have a fixed one. Refused (RUN804) where there is no such
 * objective, or where its optimizer follows a schedule.
 */
export function setLearningRate(learningRate: number, objective?: string): SetLearningRate {
  return { command: 'setLearningRate', learningRate, ...(objective !== undefined && { objective }) };
}

export const settingLearningRate: CommandKind<SetLearningRate> = {
  command: 'setLearningRate',
  perform({ learningRate, objective }, { loaded, tell }, asker) {
    const rates = loaded.learningRates();
    const chosen = [...rates].filter(([name]) => objective === undefined || name === objective);
    if (chosen.length === 0) {
      const expected =
        rates.size > 0 ? `one of ${[...rates.keys()].join(', ')}` : 'an optimizer with a fixed learning rate';
      refuse(lacking(asker, 'another learning rate', expected, objective ?? 'one with a schedule'));
    }
    if (!Number.isFinite(learningRate)) {
      refuse(lacking(asker, 'a learning rate that is not a number', 'a finite number', learningRate));
    }
    for (const [name, before] of chosen) {
      loaded.setLearningRate(name, learningRate);
      const named = name !== '' && { objective: name };
      tell({ type: 'learningRateChanged', ...named, learningRate, before });
    }
  },
};

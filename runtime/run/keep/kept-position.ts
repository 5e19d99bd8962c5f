/** The rest of an epoch, from a position of the data that a checkpoint holds. */
import { refuseBecause, saying } from '../../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN809 } from '../../../compiler/diagnostics/run.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { BatchSource } from '../../data/batch-source.ts';

/** What sources and stages do not say themselves of a position, is that it is none of theirs: RUN809. */
export function fromKeptPosition(open: () => BatchSource): BatchSource {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      return notTheirs(error);
    }
  };
  const source = attempt(open);
  return {
    next(inputs) {
      const next = attempt(() => source.next(inputs));
      return typeof next === 'number' ? next : next.catch(notTheirs);
    },
    giveBack: () => source.giveBack(),
    state: () => source.state(),
    isWholeAfter: (error) => source.isWholeAfter(error),
    close: () => source.close(),
  };
}

function notTheirs(error: unknown): never {
  if (error instanceof DiagnosticError) throw error;
  return refuseBecause(
    RUN809({
      message: `the checkpoint holds no position of these data: ${saying(error)}`,
      span: nowhere,
      expected: 'a checkpoint of a run of this pipeline',
      received: 'another one, or one that is damaged',
      hint: 'go on from an older checkpoint, or begin anew: checkpoint(directory, { fresh: true })',
    }),
    error,
  );
}

/** What optimizers check of their options. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { DTY303 } from '../../../compiler/diagnostics/dtype.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import type { Schedule } from '../../../compiler/op/define-optimizer.ts';

/** Refuses, with DTY303, a learning rate that is no number from 0 up (or a schedule), and shares not in [0, 1). */
export function checkedRates(
  optimizer: string,
  learningRate: number | Schedule,
  shares: Readonly<Record<string, number>>,
): void {
  if (typeof learningRate !== 'function' && !(learningRate >= 0 && Number.isFinite(learningRate))) {
    refused(optimizer, 'learningRate', 'a number from 0 up, or a schedule', learningRate);
  }
  for (const [name, share] of Object.entries(shares)) {
    if (!(share >= 0 && share < 1)) {
      refused(optimizer, name, 'a number from 0 up to but not including 1', share);
    }
  }
}

function refused(optimizer: string, name: string, expected: string, received: unknown): never {
  return refuse(
    DTY303({
      message: `${optimizer} cannot work with this ${name}`,
      span: siteSpan(),
      expected,
      received: String(received),
    }),
  );
}

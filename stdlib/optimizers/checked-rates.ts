/** What optimizers check of their options. */

import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { DTY303 } from '../../compiler/diagnostics/dtype.ts';
import { siteSpan } from '../../compiler/ir/site.ts';

/** Refuses shares that are not in [0, 1), with DTY303. */
export function checkedRates(optimizer: string, rates: Readonly<Record<string, number>>): void {
  for (const [name, rate] of Object.entries(rates)) {
    if (rate >= 0 && rate < 1) continue;
    refuse(
      DTY303({
        message: `${optimizer} needs a share for ${name}`,
        span: siteSpan(),
        expected: 'a number from 0 up to but not including 1',
        received: String(rate),
      }),
    );
  }
}

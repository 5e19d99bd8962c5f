/** Checks a number of threads. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../../compiler/diagnostics/run.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';

/** Far more than help; each has scratch memory and a stack of its own. */
const mostThreads = 64;

/** Refuses with RUN801 what is neither `'auto'` nor a whole number that is not too large. */
export function checkThreads(threads: unknown): void {
  if (threads === 'auto') return;
  if (Number.isInteger(threads) && Number(threads) >= 0 && Number(threads) <= mostThreads) return;
  refuse(
    RUN801({
      message: 'this is not a number of threads',
      span: siteSpan(),
      expected: `'auto', or a whole number from 0 to ${mostThreads}`,
      received: typeof threads === 'string' ? `'${threads}'` : String(threads),
    }),
  );
}

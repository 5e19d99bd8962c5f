/** PLN: programs that have no plan. */
import { defineDiagnostic } from './diagnostic.ts';

export const PLN501 = defineDiagnostic('PLN501', 'A size must be known to lay a value out in memory');

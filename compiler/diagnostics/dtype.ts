/** DTY: element types that do not fit. */
import { defineDiagnostic } from './diagnostic.ts';

export const DTY301 = defineDiagnostic('DTY301', 'An op does not take this dtype');
export const DTY302 = defineDiagnostic('DTY302', 'Two inputs must share one dtype');
export const DTY304 = defineDiagnostic('DTY304', 'The loss is not a real number');

/** GRD: losses that cannot be differentiated. */
import { defineDiagnostic } from './diagnostic.ts';

export const GRD401 = defineDiagnostic('GRD401', 'No gradient reaches any parameter');
export const GRD402 = defineDiagnostic('GRD402', 'No gradient reaches a parameter', 'warning');

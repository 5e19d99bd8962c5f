/** SHP: shapes that do not fit together. */
import { defineDiagnostic } from './diagnostic.ts';

export const SHP201 = defineDiagnostic('SHP201', 'The shapes of the inputs do not fit the op');
export const SHP202 = defineDiagnostic('SHP202', 'Two shapes do not broadcast');
export const SHP203 = defineDiagnostic('SHP203', 'An axis does not exist');
export const SHP204 = defineDiagnostic('SHP204', 'A reshape changes the number of elements');
export const SHP206 = defineDiagnostic('SHP206', 'The loss is neither one value per row nor a scalar');
export const SHP207 = defineDiagnostic('SHP207', 'A size must be known before the program runs');

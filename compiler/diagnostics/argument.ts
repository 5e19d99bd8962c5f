/** ARG: arguments and options of ops, layers, optimizers, initializers and the other makers that do not fit. */
import { defineDiagnostic } from './diagnostic.ts';

export const ARG101 = defineDiagnostic('ARG101', 'An argument is not valid');
export const ARG102 = defineDiagnostic('ARG102', 'An option is not valid');
export const ARG103 = defineDiagnostic('ARG103', 'There is no such option');
export const ARG104 = defineDiagnostic('ARG104', 'Too few or too many arguments');
export const ARG105 = defineDiagnostic('ARG105', 'An argument must be a tensor');

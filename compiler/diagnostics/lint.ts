/** LNT: programs that are sound and probably not what was meant. */
import { defineDiagnostic } from './diagnostic.ts';

export const LNT901 = defineDiagnostic('LNT901', 'A column is never used', 'info');
export const LNT905 = defineDiagnostic(
  'LNT905',
  'A crash loses rows of a source that cannot be read again',
  'info',
);
export const LNT904 = defineDiagnostic('LNT904', 'A pipeline is not exported', 'info');
export const LNT903 = defineDiagnostic('LNT903', 'Validation data never ends', 'warning');

/** STO: what is refused while something is being saved. */
import { defineDiagnostic } from './diagnostic.ts';

export const STO801 = defineDiagnostic('STO801', 'Another writer has the folder');
export const STO802 = defineDiagnostic('STO802', 'Weights to be saved are not finite');
export const STO803 = defineDiagnostic('STO803', 'State to be saved is not plain data');
export const STO804 = defineDiagnostic('STO804', 'A run begins anew where another one has left checkpoints');

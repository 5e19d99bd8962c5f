/** TXT: text forms of graphs that do not read. */
import { defineDiagnostic } from './diagnostic.ts';

export const TXT801 = defineDiagnostic('TXT801', 'The text form of a graph does not read');
export const TXT802 = defineDiagnostic('TXT802', 'A graph breaks a rule that every graph keeps');

/** DAT: data that is not what its schema says, or does not come at all. */
import { defineDiagnostic } from './diagnostic.ts';

export const DAT701 = defineDiagnostic('DAT701', 'A data file cannot be read');
export const DAT702 = defineDiagnostic('DAT702', 'A column is missing');
export const DAT703 = defineDiagnostic('DAT703', 'A line has too few or too many fields');
export const DAT704 = defineDiagnostic('DAT704', 'The quotes of a field are malformed');
export const DAT705 = defineDiagnostic('DAT705', 'A value does not have the type of its column');
export const DAT706 = defineDiagnostic('DAT706', 'A value is not one of the labels of its category');
export const DAT707 = defineDiagnostic('DAT707', 'The shape of a value differs from that of its column');
export const DAT708 = defineDiagnostic('DAT708', 'Columns differ in their number of rows');
export const DAT709 = defineDiagnostic('DAT709', 'The dataset has no rows');
export const DAT710 = defineDiagnostic('DAT710', 'A source that pushes rows needs an overflow policy');
export const DAT711 = defineDiagnostic('DAT711', 'More rows are waiting than the buffer holds');
export const DAT712 = defineDiagnostic('DAT712', 'A source can be read only once');
export const DAT713 = defineDiagnostic('DAT713', 'A source failed');
export const DAT714 = defineDiagnostic('DAT714', 'A function on rows failed');
export const DAT715 = defineDiagnostic('DAT715', 'A stage of a dataset is not valid');
export const DAT716 = defineDiagnostic('DAT716', 'A line is not a JSON object');
export const DAT717 = defineDiagnostic('DAT717', 'A source that gives its rows once is split by place');
export const DAT730 = defineDiagnostic('DAT730', 'A validator refuses a row');
export const DAT731 = defineDiagnostic('DAT731', 'A package that a source needs is not installed');

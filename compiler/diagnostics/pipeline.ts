/** PIP: pipelines whose parts do not make a whole. */
import { defineDiagnostic } from './diagnostic.ts';

export const PIP101 = defineDiagnostic('PIP101', 'A column does not exist');
export const PIP102 = defineDiagnostic('PIP102', 'A part of the pipeline returns the wrong thing');
export const PIP103 = defineDiagnostic('PIP103', 'A part of the pipeline is missing or of the wrong kind');
export const PIP104 = defineDiagnostic('PIP104', 'Two values are called the same');
export const PIP105 = defineDiagnostic('PIP105', 'A program cannot be called so');
export const PIP106 = defineDiagnostic('PIP106', 'Two objectives train one parameter together');
export const PIP107 = defineDiagnostic('PIP107', 'An objective trains nothing');
export const PIP108 = defineDiagnostic('PIP108', 'A program looks at a column that it is not given');
export const PIP109 = defineDiagnostic('PIP109', 'A function of the pipeline builds another graph each time');
export const PIP110 = defineDiagnostic('PIP110', 'A fitted value depends on more than the data');
export const PIP111 = defineDiagnostic('PIP111', 'The data cannot be read through before training');
export const PIP112 = defineDiagnostic('PIP112', 'A vocabulary is fitted to no column of the data');

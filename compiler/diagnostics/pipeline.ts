/** PIP: pipelines whose parts do not make a whole. */
import { defineDiagnostic } from './diagnostic.ts';

export const PIP101 = defineDiagnostic('PIP101', 'A column does not exist');
export const PIP102 = defineDiagnostic('PIP102', 'A part of the pipeline gives something else than it must');
export const PIP103 = defineDiagnostic('PIP103', 'A part of the pipeline is missing or of the wrong kind');

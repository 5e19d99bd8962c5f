/** SRC: reading TypeScript. */
import { defineDiagnostic } from './diagnostic.ts';

export const SRC101 = defineDiagnostic('SRC101', 'The file is not well-formed TypeScript');
export const SRC102 = defineDiagnostic('SRC102', 'TypeScript finds a type error');
export const SRC103 = defineDiagnostic('SRC103', 'A file cannot be read');
export const SRC104 = defineDiagnostic('SRC104', 'The types of a package are not found', 'warning');
export const SRC110 = defineDiagnostic('SRC110', 'The static reader does not cover this form');
export const SRC111 = defineDiagnostic(
  'SRC111',
  'A value that exists only at run time stands where a known one is needed',
);
export const SRC112 = defineDiagnostic('SRC112', 'Control flow depends on a tensor');
export const SRC113 = defineDiagnostic('SRC113', 'The program does not come to an end while it is read');
export const SRC114 = defineDiagnostic('SRC114', 'The program fails while it is read');
export const SRC115 = defineDiagnostic('SRC115', 'A tensor stands where a plain value is needed');
export const SRC120 = defineDiagnostic('SRC120', 'The file exports no pipeline');
export const SRC121 = defineDiagnostic('SRC121', 'The file exports several pipelines, and none was chosen');
export const SRC122 = defineDiagnostic('SRC122', 'The file fails while it is loaded for its data');
export const SRC123 = defineDiagnostic('SRC123', 'The project’s tsconfig.json cannot be read');

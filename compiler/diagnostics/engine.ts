/** ENG: engines that cannot run here. */
import { defineDiagnostic } from './diagnostic.ts';

export const ENG601 = defineDiagnostic('ENG601', 'The host has no WebAssembly SIMD');
export const ENG602 = defineDiagnostic('ENG602', 'The program needs more memory than WebAssembly can give');
export const ENG603 = defineDiagnostic('ENG603', 'A batch has more rows than the program was compiled for');
export const ENG604 = defineDiagnostic('ENG604', 'TensorFlow is not set up');
export const ENG605 = defineDiagnostic(
  'ENG605',
  'TensorFlow cannot be loaded or has refused to run a program',
);
export const ENG606 = defineDiagnostic('ENG606', 'TensorFlow cannot be set up');

/** The refusal of a setup that cannot go on: what is missing, and what to do. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { ENG606 } from '../../compiler/diagnostics/engine.ts';
import { nowhere } from '../../compiler/ir/span.ts';

export function refuseSetup(missing: string, expected: string, received: string, hint: string): never {
  return refuse(
    ENG606({ message: `TensorFlow cannot be set up: ${missing}`, span: nowhere, expected, received, hint }),
  );
}

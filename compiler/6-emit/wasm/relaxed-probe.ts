/** The smallest module that uses relaxed SIMD: a host that validates it has it. */
import { FunctionBody } from './assembler/function.ts';
import { ModuleBuilder } from './assembler/module.ts';

export function relaxedProbe(): Uint8Array {
  const f = new FunctionBody({ takes: ['v128'], gives: ['v128'] });
  for (let i = 0; i < 3; i++) f.get(f.params[0]!);
  f.op('f32x4.relaxed_madd');
  const module = new ModuleBuilder();
  module.add('probe', f);
  return module.finish('probe', 0);
}

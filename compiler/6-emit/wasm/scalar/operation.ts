/** Emits one scalar operation in either form: on one lane, or on the four lanes of a vector. Both give the same bits. */
import type { Scalar } from '../../../op/scalar.ts';
import type { FunctionBody } from '../assembler/function.ts';
import type { ValueType } from '../assembler/instructions.ts';
import { emitOnLane } from './lane-operation.ts';
import { emitOnVector } from './vector-operation.ts';

export type Form = 'lane' | 'vector';

/** Puts the argument of that number on the stack, in the form of the operation. */
export type PushArgument = (argument: number) => void;

/** What a value is on the stack. */
export function valueType(value: Scalar, form: Form): ValueType {
  if (form === 'vector') return 'v128';
  return value.type === 'f32' ? 'f32' : 'i32';
}

/** Whether emission asks for an argument more than once, so that arguments had better lie in locals. */
export function repeatsArguments({ op, type }: Scalar, form: Form): boolean {
  if (type !== 'i32') return false;
  if (op === 'divS') return true;
  return form === 'vector' ? op === 'remS' : op === 'min' || op === 'max' || op === 'abs';
}

export function emitOperation(f: FunctionBody, value: Scalar, form: Form, push: PushArgument): void {
  if (form === 'vector') emitOnVector(f, value, push);
  else emitOnLane(f, value, push);
}

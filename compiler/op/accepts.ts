/** The vocabulary for inputs of ops: which dtypes they take. */
import type { InputSpec } from './card.ts';

export const float: InputSpec = { accepts: ['float32'] };
export const integer: InputSpec = { accepts: ['int32'] };
export const truth: InputSpec = { accepts: ['bool'] };
export const numeric: InputSpec = { accepts: ['float32', 'int32'] };
export const any: InputSpec = { accepts: ['float32', 'int32', 'bool'] };
/** Several tensors in one array, all of one dtype. */
export const list: InputSpec = { accepts: ['float32', 'int32', 'bool'], list: true };

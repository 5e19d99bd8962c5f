/** The vocabulary for inputs of ops: which dtypes they take. */
import type { DType } from '../../dsl/tensor.ts';
import type { InputSpec, ListSpec } from './specs.ts';

/** Real numbers. */
export const float: InputSpec<'float32'> = { accepts: ['float32'] };
/** Whole numbers. */
export const integer: InputSpec<'int32'> = { accepts: ['int32'] };
/** Truths. */
export const truth: InputSpec<'bool'> = { accepts: ['bool'] };
/** Numbers of either kind. */
export const numeric: InputSpec<'float32' | 'int32'> = { accepts: ['float32', 'int32'] };
/** Whatever there is. */
export const any: InputSpec<DType> = { accepts: ['float32', 'int32', 'bool'] };
/** Several tensors in one array, all of one dtype. */
export const list: ListSpec<DType> = { accepts: ['float32', 'int32', 'bool'], list: true };

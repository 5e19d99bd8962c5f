/** How types are written: `f32[B, 10]`. */
import type { DType } from '../../dsl/tensor.ts';
import { shapeText } from '../ir/dim.ts';
import type { TensorType } from '../ir/node.ts';

export const shortDType: Readonly<Record<DType, string>> = { float32: 'f32', int32: 'i32', bool: 'bool' };

/** A type as messages write it: `f32[B, 10]`. */
export function typeText({ dtype, shape }: TensorType): string {
  return `${shortDType[dtype]}${shapeText(shape)}`;
}

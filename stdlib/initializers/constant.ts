/** Parameters that all start at one number. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { constant as filledWith } from '../../compiler/op/leaf.ts';

/** `value` everywhere. */
export function constant(value: number): Initializer {
  return (shape) => filledWith(value, shape);
}

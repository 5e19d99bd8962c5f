/** Parameters that all start at one number. */
import { real } from '../../compiler/op/checks.ts';
import { defineInitializer } from '../../compiler/op/define/define-initializer.ts';
import { constant as filledWith } from '../../compiler/op/leaf.ts';

/** `value` everywhere. */
export const constant = defineInitializer(
  'constant',
  (value: number) => (shape) => filledWith(value, shape),
  { arguments: { value: real }, examples: [{ of: [2.5], mean: 2.5, variance: 0 }] },
);

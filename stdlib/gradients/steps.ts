/** The gradient of functions whose value moves in steps: none flows back. */
import type { GradientRule } from '../../compiler/op/card.ts';

/** No gradient for any input: the value is flat wherever it is smooth. */
export const steps: GradientRule = ({ inputs }) => inputs.map(() => undefined);

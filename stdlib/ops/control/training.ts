/** Whether the program that runs is a training step. */
import { training as trainingLeaf } from '../../../compiler/op/leaf.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { typed } from '../creation/parts/typed.ts';

/**
 * True in training steps, false when a model is evaluated or predicts: `where(training, noisy, x)`. Each program knows which
 * it is before it runs, so that the branch not taken is never computed.
 */
export const training: Tensor<readonly [], 'bool'> = typed(trainingLeaf, [], 'bool');

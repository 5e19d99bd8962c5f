/** Parameters that start at 0. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { constant } from './constant.ts';

/** 0 everywhere. */
export function zeros(): Initializer {
  return constant(0);
}

/** Parameters that start at 1. */
import type { Initializer } from '../../compiler/op/leaf.ts';
import { constant } from './constant.ts';

/** 1 everywhere. */
export function ones(): Initializer {
  return constant(1);
}

/** The kernel that moves a finished value to where it must be: into a state that could not be made in place. */
import { product } from '../../ir/dim.ts';
import type { TensorType } from '../../ir/node.ts';
import type { Span } from '../../ir/span.ts';
import type { LoopKernel } from '../plan.ts';

export function copyKernel(
  name: string,
  { shape, dtype }: TensorType,
  from: number,
  to: number,
  span: Span,
): LoopKernel {
  const access = (region: number) => ({ region, strides: [1], offset: 0 });
  return {
    kind: 'loop',
    name,
    outer: [product(shape)],
    inner: [],
    stages: [
      {
        over: 'outer',
        body: [{ kind: 'read', access: access(from), dtype }],
        stores: [{ access: access(to), value: 0 }],
        folds: [],
      },
    ],
    spans: [span],
  };
}

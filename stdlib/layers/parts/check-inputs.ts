/** What layers ask of what they are called on, and how they refuse what does not fit. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SHP201, SHP207 } from '../../../compiler/diagnostics/shape.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { axesOf } from '../../../compiler/op/axes.ts';
import { refusingMismatch } from '../../../compiler/op/call/explain.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../dsl/tensor.ts';

/** Refuses an input of another number of axes, with SHP201. */
export function checkRank(layer: string, x: Tensor, rank: number, expected: string): void {
  if (x.shape.length === rank) return;
  refuse(
    SHP201({
      message: `${layer} needs ${rank} axes`,
      span: siteSpan(),
      expected,
      received: typeText(x),
    }),
  );
}

/** Axes of x counted from the front; SHP203 where it has no such axis. */
export function axesIn(layer: string, x: Tensor, axis: number | readonly number[]): number[] {
  return refusingMismatch([x], () =>
    axesOf(typeof axis === 'number' ? axis : [...axis], x.shape.length, layer),
  );
}

/** The size of x along an axis, which parameters need to know: SHP207 where it is not known. */
export function knownSize(layer: string, x: Tensor, axis: number): number {
  const size = x.shape.at(axis);
  if (typeof size === 'number') return size;
  return refuse(
    SHP207({
      message: `${layer} needs to know the size of axis ${axis}`,
      span: siteSpan(),
      expected: `a known size along axis ${axis}`,
      received: typeText(x),
    }),
  );
}

/** Which real numbers a column takes: those that are finite in float32, unless it was declared to take all. */
import { DAT705 } from '../../compiler/diagnostics/data.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import type { Column } from '../../dsl/column.ts';
import type { Numbers } from '../engines/engine.ts';

/** The one place where it is decided whether NaN, ±Infinity and numbers beyond float32 are refused. */
export function takesNotFinite({ notFinite }: Column): boolean {
  return notFinite === 'allow';
}

/** Whether a number stays one as float32: 1e39 does not. */
export function isFiniteFloat(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

/**
 * Where the first number stands that is not finite, if one is not. Nearly always none is, and rows may be long: times
 * zero such a number is NaN and makes the sum NaN, which takes no branch for each of them.
 */
export function firstNotFinite(values: Numbers, from = 0, to = values.length): number | undefined {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (values[i] ?? 0) * 0;
  if (sum === 0) return undefined;
  for (let i = from; i < to; i++) if (!Number.isFinite(values[i])) return i;
  return undefined;
}

/** The refusal of such a number. */
export function notFinite(place: string, received: string, span: Span = nowhere): Diagnostic {
  return DAT705({
    message: `${place}: the value is not finite as a 32-bit float`,
    span,
    expected: 'a number between -3.4e38 and 3.4e38',
    received,
    hint: 'allowNotFinite(float) is a column that takes NaN and infinities; .filter(…) leaves rows out',
  });
}

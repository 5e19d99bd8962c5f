/** What cropping layers do. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SHP201 } from '../../../compiler/diagnostics/shape.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { typeText } from '../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { slice } from '../../ops/movement/slice.ts';
import { knownSize } from './check-inputs.ts';
import { checkSpatial } from './convolutional.ts';
import type { Margin } from './margins.ts';

/** x without its margins; SHP201 where nothing would be left. */
export function cropped(layer: string, x: Tensor, margins: readonly Margin[]): Tensor {
  checkSpatial(layer, x, margins.length);
  const sizes = margins.map(([before, after], i) => {
    const length = knownSize(layer, x, i + 1);
    if (before + after < length) return length - before - after;
    return refuse(
      SHP201({
        message: `${layer} would leave nothing of axis ${i + 1}`,
        span: siteSpan(),
        expected: `more than ${before + after} elements along axis ${i + 1}`,
        received: typeText(x),
      }),
    );
  });
  return slice(x, {
    starts: [0, ...margins.map(([before]) => before), 0],
    sizes: [x.shape[0]!, ...sizes, x.shape.at(-1)!],
  });
}

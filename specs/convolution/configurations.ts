/** Random convolutions, small enough to be evaluated by their meaning. */
import fc from 'fast-check';
import type { ConvolveOptions } from '../../stdlib/ops/convolution/parts/geometry.ts';
import { reach } from '../../stdlib/ops/windows/parts/windowing.ts';

/** One convolution: shapes without the batch axis, and how the kernel slides. */
export interface Configuration {
  readonly lengths: readonly number[];
  readonly channels: number;
  readonly taps: readonly number[];
  readonly filters: number;
  readonly options: Required<ConvolveOptions>;
}

const axis = fc.record({
  length: fc.integer({ min: 1, max: 5 }),
  taps: fc.integer({ min: 1, max: 3 }),
  stride: fc.constantFrom(1, 1, 2, 3),
  inputDilation: fc.constantFrom(1, 1, 2, 3),
  kernelDilation: fc.constantFrom(1, 1, 2),
  before: fc.integer({ min: -1, max: 4 }),
  after: fc.integer({ min: -1, max: 4 }),
});

/** Convolutions over one, two or three spatial axes, with room for the kernel. */
export function configurations(): fc.Arbitrary<Configuration> {
  return fc
    .record({
      axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
      groups: fc.constantFrom(1, 1, 1, 2, 3),
      into: fc.integer({ min: 1, max: 3 }),
      out: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ axes, groups, into, out }) => ({
      lengths: axes.map(({ length }) => length),
      channels: into * groups,
      taps: axes.map(({ taps }) => taps),
      filters: out * groups,
      options: {
        strides: axes.map(({ stride }) => stride),
        padding: axes.map(({ before, after }) => [before, after] as const),
        inputDilation: axes.map(({ inputDilation }) => inputDilation),
        kernelDilation: axes.map(({ kernelDilation }) => kernelDilation),
        groups,
      },
    }))
    .filter(({ lengths, taps, options }) =>
      lengths.every((length, i) => {
        const [before, after] = options.padding[i]!;
        const frame = reach(length, options.inputDilation[i]!) + before + after;
        return frame >= reach(taps[i]!, options.kernelDilation[i]!);
      }),
    );
}

/** How a kernel slides: strides, margins, dilations and groups, and the sizes that follow from them. */
import { SHP207 } from '../../../../compiler/diagnostics/shape.ts';
import type { TensorType } from '../../../../compiler/op/card.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import * as option from '../../../../compiler/op/options.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import type { Shape } from '../../../../dsl/tensor.ts';
import { eachOr1, placesIn, reach } from '../../windows/parts/windowing.ts';

/** One entry for each spatial axis; lists that are left out are all 1, margins 0. @public */
export interface ConvolveOptions {
  /** From one place of the kernel to the next. */
  readonly strides?: readonly number[];
  /** Zeros before and after the elements of each spatial axis; less than 0 leaves elements out. */
  readonly padding?: readonly (readonly [before: number, after: number])[];
  /** From one element of x to the next, zeros between them. */
  readonly inputDilation?: readonly number[];
  /** From one element of the kernel to the next. */
  readonly kernelDilation?: readonly number[];
  /** Parts that the channels fall into; each part of the result sees one part of x. */
  readonly groups?: number;
}

/** The options with nothing left out. */
export type Geometry = Required<ConvolveOptions>;

const margins = option.option(
  'a list of pairs of whole numbers',
  (value): value is Geometry['padding'] =>
    option.isWholesEach(value) && value.every((pair) => pair.length === 2),
);

export const geometryOptions = {
  strides: option.wholes([]),
  padding: margins([]),
  inputDilation: option.wholes([]),
  kernelDilation: option.wholes([]),
  groups: option.whole(1),
};

export function geometryOf(options: Geometry, spatial: number): Geometry {
  const { padding, groups } = options;
  return {
    strides: eachOr1(options.strides, spatial),
    padding: padding.length > 0 ? padding : Array.from({ length: spatial }, () => [0, 0] as const),
    inputDilation: eachOr1(options.inputDilation, spatial),
    kernelDilation: eachOr1(options.kernelDilation, spatial),
    groups,
  };
}

/** The number of places of a kernel of `taps` elements along spatial axis `i` of `length` elements. */
export function placesAlong(i: number, length: number, taps: number, geometry: Geometry): number {
  const [before, after] = geometry.padding[i]!;
  const extent = reach(taps, geometry.kernelDilation[i]!);
  return placesIn(reach(length, geometry.inputDilation[i]!) + before + after, extent, geometry.strides[i]!);
}

const refused = (message: string, expected: string, received: string, blame?: number): never => {
  throw new TypeMismatch({ message, expected, received, ...(blame !== undefined && { blame }) });
};

/** Refuses options that fit no tensor of so many spatial axes. */
function checkGeometry(options: Geometry, spatial: number, op: string): Geometry {
  const geometry = geometryOf(options, spatial);
  const { strides, padding, inputDilation, kernelDilation, groups } = geometry;
  for (const [name, list] of Object.entries({ strides, inputDilation, kernelDilation })) {
    if (list.length !== spatial || list.some((count) => count < 1))
      refused(
        `${op} needs ${name} for ${spatial} spatial axes`,
        `${spatial} whole numbers from 1 up`,
        JSON.stringify(list),
      );
  }
  if (padding.length !== spatial)
    refused(
      `${op} needs margins for ${spatial} spatial axes`,
      `${spatial} pairs of counts`,
      JSON.stringify(padding),
    );
  if (groups < 1) refused(`${op} needs a number of groups`, 'a whole number from 1 up', String(groups));
  return geometry;
}

/** Sizes that must be known before the run: all but the first of x, all of a kernel. */
function known(type: TensorType, from: number, blame: number, op: string): readonly number[] {
  const at = type.shape.findIndex((size, axis) => axis >= from && typeof size !== 'number');
  if (at < 0) return type.shape.slice(from) as number[];
  throw new TypeMismatch({
    code: SHP207,
    message: `${op} cannot slide over axis ${at}, whose size ${type.shape[at]} is not known before the run`,
    blame,
    expected: 'known sizes along all axes but the first',
    received: typeText(type),
  });
}

/** The shape of x convolved with a kernel; refuses what does not fit. */
export function convolvedShape(x: TensorType, kernel: TensorType, options: Geometry, op: string): Shape {
  const rank = x.shape.length;
  if (rank < 3)
    refused(`${op} needs a batch axis, spatial axes and channels`, 'three axes or more', typeText(x), 0);
  if (kernel.shape.length !== rank) {
    refused(
      `${op} needs a kernel of ${rank} axes: ${rank - 2} spatial ones, channels in and channels out`,
      `a kernel of ${rank} axes for ${typeText(x)}`,
      typeText(kernel),
      1,
    );
  }
  const spatial = rank - 2;
  const geometry = checkGeometry(options, spatial, op);
  const lengths = known(x, 1, 0, op);
  const taps = known(kernel, 0, 1, op);
  const { groups } = geometry;
  const [channels, into, out] = [lengths[spatial]!, taps[spatial]!, taps[spatial + 1]!];
  if (channels !== into * groups) {
    refused(
      groups === 1
        ? `${op} cannot convolve ${channels} channels with a kernel for ${into}`
        : `${op} cannot convolve ${channels} channels in ${groups} groups with a kernel for ${into} each`,
      `${into * groups} channels along the last axis`,
      typeText(x),
      0,
    );
  }
  if (out % groups !== 0)
    refused(
      `${op} cannot part ${out} filters among ${groups} groups`,
      `a multiple of ${groups} filters`,
      `${out}`,
      1,
    );
  const places = axisSizes(spatial, (i) => placesAlong(i, lengths[i]!, taps[i]!, geometry));
  const narrow = places.findIndex((count) => count < 1);
  if (narrow >= 0) {
    const extent = reach(taps[narrow]!, geometry.kernelDilation[narrow]!);
    const [before, after] = geometry.padding[narrow]!;
    const margins = before === 0 && after === 0 ? '' : ` with margins of ${before} and ${after}`;
    refused(
      `${op} finds no room for its kernel along axis ${narrow + 1}`,
      `${extent} elements or more along axis ${narrow + 1}`,
      `${lengths[narrow]}${margins}`,
      0,
    );
  }
  return [x.shape[0]!, ...places, out];
}

/** A list with one entry for each spatial axis. */
export function axisSizes(spatial: number, size: (axis: number) => number): number[] {
  return Array.from({ length: spatial }, (_, i) => size(i));
}

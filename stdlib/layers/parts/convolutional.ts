/** What convolutional layers have in common: Keras's arguments, checked, and what is done to each sum. */

import { ARG101 } from '../../../compiler/diagnostics/argument.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import { activation, flag, initializer } from '../../../compiler/op/checks.ts';
import type { LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { zeros } from '../../ops/creation/zeros.ts';
import type { Padding, PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { checkRank, knownSize } from './check-inputs.ts';

/** The shape of a result whose spatial sizes follow from the arguments. @public */
export type Slid1d<S extends Shape, N extends Dim> = S extends readonly [infer B extends Dim, ...Shape]
  ? readonly [B, number, N]
  : readonly [Dim, number, N];
/** @public */
export type Slid2d<S extends Shape, N extends Dim> = S extends readonly [infer B extends Dim, ...Shape]
  ? readonly [B, number, number, N]
  : readonly [Dim, number, number, N];
/** @public */
export type Slid3d<S extends Shape, N extends Dim> = S extends readonly [infer B extends Dim, ...Shape]
  ? readonly [B, number, number, number, N]
  : readonly [Dim, number, number, number, N];

/** The last axis: the channels. @public */
export type Channels<S extends Shape> = S extends readonly [...Shape, infer C extends Dim] ? C : Dim;

/** What is done to the sums of any convolutional layer. */
export interface FinishOptions extends LayerOptions {
  /** Applied to the result, such as `relu`. Default: nothing. */
  readonly activation?: ((x: Tensor) => Tensor) | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
  /** Default `zeros`. */
  readonly biasInitializer?: Initializer | undefined;
}

/** The bias of a layer, unless it has none. */
export function biasOf(filters: number, options: FinishOptions): { bias?: Tensor } {
  const { useBias = true, biasInitializer = zeros } = options;
  return useBias ? { bias: param([filters], { initializer: biasInitializer }) } : {};
}

/** activation(x + bias) */
export function finished(x: Tensor, bias: Tensor | undefined, { activation }: FinishOptions): Tensor {
  const sum = bias ? add(x, bias) : x;
  return activation ? activation(sum) : sum;
}

/** What any convolutional layer may be told of its sums. */
export const finishChecks = { activation, useBias: flag, biasInitializer: initializer } as const;

/** One count for each of `rank` axes. */
export function countsOf(given: PerAxis, rank: number): number[] {
  return typeof given === 'number' ? Array.from({ length: rank }, () => given) : [...given];
}

/** How a kernel slides, axis by axis. */
export function slidingOf<P extends Padding>(
  options: {
    readonly strides?: PerAxis | undefined;
    readonly padding?: P | undefined;
    readonly dilationRate?: PerAxis | undefined;
  },
  rank: number,
): { readonly strides: number[]; readonly dilationRate: number[]; readonly padding: P | 'valid' } {
  const { strides = 1, padding = 'valid', dilationRate = 1 } = options;
  return { strides: countsOf(strides, rank), dilationRate: countsOf(dilationRate, rank), padding };
}

/** Refuses an input with another number of spatial axes; gives the number of channels. */
export function channelsOf(layer: string, x: Tensor, rank: number): number {
  checkSpatial(layer, x, rank);
  return knownSize(layer, x, -1);
}

/** Refuses an input with another number of spatial axes. */
export function checkSpatial(layer: string, x: Tensor, rank: number): void {
  const axes = ['length', 'height, width', 'depth, height, width'][rank - 1];
  checkRank(layer, x, rank + 2, `f32[B, ${axes}, channels]`);
}

/** Refuses channels or filters that do not fall into the groups evenly, with ARG101. */
export function checkGroups(layer: string, what: string, count: number, groups: number): void {
  if (count % groups === 0) return;
  refuse(
    ARG101({
      message: `${layer} cannot divide ${count} ${what} into ${groups} groups`,
      span: siteSpan(),
      expected: `a multiple of ${groups}`,
      received: String(count),
    }),
  );
}

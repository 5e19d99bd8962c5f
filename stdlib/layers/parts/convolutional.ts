/** What convolutional layers have in common: Keras's arguments, checked, and what is done to each sum. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { DTY303 } from '../../../compiler/diagnostics/dtype.ts';
import { siteSpan } from '../../../compiler/ir/site.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Dim, Shape, Tensor } from '../../../dsl/tensor.ts';
import { zeros } from '../../initializers/zeros.ts';
import { add } from '../../ops/arithmetic/add.ts';
import type { Padding, PerAxis } from '../../ops/windows/parts/sliding-options.ts';
import { checkArgument, checkCount, checkRank, knownSize } from './check-arguments.ts';

/** The shape of a result whose spatial sizes follow from the arguments. @public */
export type Slid1d<S extends Shape, N extends Dim> = readonly [First<S>, number, N];
/** @public */
export type Slid2d<S extends Shape, N extends Dim> = readonly [First<S>, number, number, N];
/** @public */
export type Slid3d<S extends Shape, N extends Dim> = readonly [First<S>, number, number, number, N];

type First<S extends Shape> = S extends readonly [infer B extends Dim, ...Shape] ? B : Dim;
/** The last axis: the channels. @public */
export type Channels<S extends Shape> = S extends readonly [...Shape, infer C extends Dim] ? C : Dim;

/** What is done to the sums of any convolutional layer. */
export interface FinishOptions {
  /** Applied to the result, such as `relu`. Default: nothing. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default `zeros()`. */
  readonly biasInitializer?: Initializer;
}

/** The bias of a layer, unless it has none. */
export function biasOf(filters: number, options: FinishOptions): { bias?: Tensor } {
  const { useBias = true, biasInitializer = zeros() } = options;
  return useBias ? { bias: param([filters], { initializer: biasInitializer }) } : {};
}

/** activation(x + bias) */
export function finished(x: Tensor, bias: Tensor | undefined, { activation }: FinishOptions): Tensor {
  const sum = bias ? add(x, bias) : x;
  return activation ? activation(sum) : sum;
}

/** Counts for each of `rank` axes, from 1 up or as given; refused with DTY303 where they are none. */
export function countsOf(layer: string, what: string, given: PerAxis, rank: number, least = 1): number[] {
  const list = typeof given === 'number' ? Array.from({ length: rank }, () => given) : [...given];
  if (list.length === rank && list.every((count) => Number.isInteger(count) && count >= least)) return list;
  return refuse(
    DTY303({
      message: `${layer} needs ${what}`,
      span: siteSpan(),
      expected: `a whole number from ${least} up${rank === 1 ? '' : `, or ${rank} of them`}`,
      received: JSON.stringify(given),
    }),
  );
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

/** Refuses channels or filters that do not fall into the groups evenly. */
export function checkGroups(layer: string, what: string, count: number, groups: number): void {
  checkCount(layer, 'a number of groups', groups);
  checkArgument(
    layer,
    `${what} for ${groups} groups`,
    count,
    count % groups === 0,
    `a multiple of ${groups}`,
  );
}

/** Refuses a padding that the layer does not know. */
export function checkPadding(layer: string, padding: Padding | undefined, ways: readonly Padding[]): void {
  if (padding === undefined || ways.includes(padding)) return;
  refuse(
    DTY303({
      message: `${layer} has no padding ${JSON.stringify(padding)}`,
      span: siteSpan(),
      expected: ways.map((way) => `'${way}'`).join(' or '),
      received: JSON.stringify(padding),
    }),
  );
}

/** Layers one after the other. */

import type { Layer, LayerKind } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import type { Init } from '../../../compiler/op/signatures.ts';
import type { Dim, DType, Shape, Tensor } from '../../../dsl/tensor.ts';
import { tanh } from '../../ops/hyperbolic/tanh.ts';
import type { Channels, Slid1d, Slid2d, Slid3d } from '../parts/convolutional.ts';
import type { Global } from '../parts/global-pooling.ts';
import type { Flattened } from '../reshaping/flatten.ts';
import { dense } from './dense.ts';

type Step = (x: Tensor) => Tensor;
type AnyStep = (x: never) => Tensor;
/** What takes whole numbers, as `embedding` does: it may come first. */
type First = (x: Tensor<Shape, 'int32'>) => Tensor;

/** A step that keeps shapes, as activations and normalizations do. */
type Keeping = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<T, 'float32'>;
/** A step that puts `N` features into the last axis, as `dense` does. */
type Featuring<N extends Dim> = <T extends Shape>(
  x: Tensor<T, 'float32'>,
) => Tensor<readonly [...Init<T>, N], 'float32'>;
/** A step that adds an axis of `N` features, as `embedding` does. */
type Embedding<N extends Dim> = <T extends Shape>(
  x: Tensor<T, 'int32'>,
) => Tensor<readonly [...T, N], 'float32'>;
type Flattening = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Flattened<T>, 'float32'>;
type Folding = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Global<T>, 'float32'>;
type Sliding1d<N extends Dim> = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Slid1d<T, N>, 'float32'>;
type Sliding2d<N extends Dim> = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Slid2d<T, N>, 'float32'>;
type Sliding3d<N extends Dim> = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Slid3d<T, N>, 'float32'>;
type Pooling1d = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Slid1d<T, Channels<T>>, 'float32'>;
type Pooling2d = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Slid2d<T, Channels<T>>, 'float32'>;
type Pooling3d = <T extends Shape>(x: Tensor<T, 'float32'>) => Tensor<Slid3d<T, Channels<T>>, 'float32'>;

/** The shape that a step makes of S: TypeScript cannot apply a generic function in a type, but it can tell two of them alike. */
type After<S extends Shape, L> = L extends Keeping
  ? S
  : L extends Featuring<infer N>
    ? readonly [...Init<S>, N]
    : L extends Flattening
      ? Flattened<S>
      : After2<S, L>;
type After2<S extends Shape, L> = L extends Pooling1d
  ? Slid1d<S, Channels<S>>
  : L extends Pooling2d
    ? Slid2d<S, Channels<S>>
    : L extends Pooling3d
      ? Slid3d<S, Channels<S>>
      : L extends Folding
        ? Global<S>
        : After3<S, L>;
type After3<S extends Shape, L> =
  L extends Sliding1d<infer N>
    ? Slid1d<S, N>
    : L extends Sliding2d<infer N>
      ? Slid2d<S, N>
      : L extends Sliding3d<infer N>
        ? Slid3d<S, N>
        : L extends Embedding<infer N>
          ? readonly [...S, N]
          : L extends (x: never) => Tensor<infer R>
            ? R
            : Shape;

/** The shape that layers make of S, one after the other. */
export type Through<S extends Shape, Layers extends readonly AnyStep[]> = Layers extends readonly [
  infer Next,
  ...infer Rest extends readonly AnyStep[],
]
  ? Through<After<S, Next>, Rest>
  : S;

/** What the last layer gives, or what was there before the first. */
export type LastDType<D extends DType, Layers extends readonly AnyStep[]> = Layers extends readonly [
  ...AnyStep[],
  (x: never) => Tensor<Shape, infer Last>,
]
  ? Last
  : D;

type Sequential = {
  <const Layers extends readonly Step[]>(
    ...layers: Layers
  ): Layer<
    <S extends Shape, D extends DType>(x: Tensor<S, D>) => Tensor<Through<S, Layers>, LastDType<D, Layers>>
  >;
  <const Begin extends First, const Layers extends readonly Step[]>(
    first: Begin,
    ...layers: Layers
  ): Layer<
    <S extends Shape>(
      x: Tensor<S, 'int32'>,
    ) => Tensor<Through<S, readonly [Begin, ...Layers]>, LastDType<'int32', readonly [Begin, ...Layers]>>
  >;
};

/**
 * Passes a tensor through `layers` in turn; each is a layer or any function of one tensor. The type of the result follows
 * shapes through our layers and activations.
 */
export const sequential: LayerKind<Sequential> = defineLayer(
  'sequential',
  (...layers: readonly Step[]) => ({
    call: (_, x) => layers.reduce<Tensor>((value, layer) => layer(value), x),
  }),
  { examples: [{ of: [dense(4), tanh, dense(2)], on: [[3]] }] },
);

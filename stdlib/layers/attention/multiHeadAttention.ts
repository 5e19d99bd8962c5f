/** Sequences that look at each other: attention with several heads. */

import { count, flag, initializer, rate } from '../../../compiler/op/checks.ts';
import type { Layer, LayerKind, LayerOptions } from '../../../compiler/op/define/define-layer.ts';
import { defineLayer } from '../../../compiler/op/define/define-layer.ts';
import { truths } from '../../../compiler/op/domain.ts';
import type { Initializer } from '../../../compiler/op/leaf.ts';
import { param } from '../../../compiler/op/leaf.ts';
import type { Init, ShapeOf } from '../../../compiler/op/signatures.ts';
import type { Tensor } from '../../../dsl/tensor.ts';
import { glorotUniform } from '../../initializers/glorotUniform.ts';
import { add } from '../../ops/arithmetic/add.ts';
import { einsum } from '../../ops/contraction/einsum.ts';
import { zeros } from '../../ops/creation/zeros.ts';
import { dropout as dropoutLayer } from '../core/dropout.ts';
import { attentionWeights } from '../parts/attention-weights.ts';
import { checkRank, knownSize } from '../parts/check-inputs.ts';

export interface MultiHeadAttentionOptions<Features extends number = number> extends LayerOptions {
  /** The length of each head's values. Default `keyDim`. */
  readonly valueDim?: number | undefined;
  /** The dropout rate of the attention weights while training. Default 0. */
  readonly dropout?: number | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
  /** The number of features of the result. Default: those of the query. */
  readonly outputShape?: Features | undefined;
  /** Of all four kernels. Default `glorotUniform()`. */
  readonly kernelInitializer?: Initializer | undefined;
  /** Of all four biases. Default `zeros`. */
  readonly biasInitializer?: Initializer | undefined;
}

export interface AttentionOptions {
  /** Whether a position sees none that follow it. Default false. */
  readonly useCausalMask?: boolean | undefined;
  /** Whether a position of the query sees one of the keys: bool[B, query, key], or with an axis of heads second. */
  readonly attentionMask?: Tensor | undefined;
}

type Attend<N extends number | undefined> = <Q extends Tensor>(
  query: Q,
  value: Tensor,
  key?: Tensor | AttentionOptions,
  options?: AttentionOptions,
) => Tensor<N extends number ? readonly [...Init<ShapeOf<Q>>, N] : ShapeOf<Q>, 'float32'>;

type MultiHeadAttention = <N extends number | undefined = undefined>(
  numHeads: number,
  keyDim: number,
  options?: Omit<MultiHeadAttentionOptions, 'outputShape'> & { readonly outputShape?: N },
) => Layer<Attend<N>>;

type Inputs = [query: Tensor, value: Tensor, key?: Tensor | AttentionOptions, options?: AttentionOptions];

const projections = ['query', 'key', 'value', 'output'] as const;
type Params = { readonly [P in (typeof projections)[number] as `${P}.kernel`]: Tensor } & {
  readonly [P in (typeof projections)[number] as `${P}.bias`]?: Tensor;
};

const isTensor = (given: Tensor | AttentionOptions | undefined): given is Tensor =>
  given !== undefined && 'shape' in given;

/** A call's arguments: the key may be left out before the options, and is then the value. */
function partsOf(...[query, value, third, fourth]: Inputs): {
  query: Tensor;
  value: Tensor;
  key: Tensor;
  options: AttentionOptions;
} {
  const key = isTensor(third) ? third : value;
  const options = isTensor(third) ? fourth : (third ?? fourth);
  for (const sequence of [query, value, key]) {
    checkRank('multiHeadAttention', sequence, 3, 'f32[B, sequence, features] for query, value and key');
  }
  return { query, value, key, options: options ?? {} };
}

const added = (x: Tensor, bias: Tensor | undefined): Tensor => (bias ? add(x, bias) : x);

/**
 * Scaled dot-product attention in `numHeads` heads of `keyDim` features each (Vaswani et al. 2017), called as
 * `attention(query, value, key?, { useCausalMask, attentionMask })`: f32[B, T, features] with f32[B, S, features] →
 * f32[B, T, features of the query]. The key is the value unless given. Parameters: `query.kernel`, `key.kernel`
 * [features, numHeads, keyDim], `value.kernel` [features, numHeads, valueDim], `output.kernel`
 * [numHeads, valueDim, features], and a `bias` beside each.
 */
export const multiHeadAttention: LayerKind<MultiHeadAttention> = defineLayer(
  'multiHeadAttention',
  (numHeads: number, keyDim: number, options: MultiHeadAttentionOptions = {}) => {
    const { valueDim = keyDim, dropout = 0, useBias = true, outputShape } = options;
    const { kernelInitializer = glorotUniform(), biasInitializer = zeros } = options;
    const leaveOut = dropoutLayer(dropout);
    return {
      build: (...inputs: Inputs) => {
        const { query, key, value } = partsOf(...inputs);
        const features = (x: Tensor): number => knownSize('multiHeadAttention', x, -1);
        const out = outputShape ?? features(query);
        const kernel = (...shape: number[]): Tensor => param(shape, { initializer: kernelInitializer });
        const bias = (...shape: number[]): Tensor => param(shape, { initializer: biasInitializer });
        return {
          'query.kernel': kernel(features(query), numHeads, keyDim),
          'key.kernel': kernel(features(key), numHeads, keyDim),
          'value.kernel': kernel(features(value), numHeads, valueDim),
          'output.kernel': kernel(numHeads, valueDim, out),
          ...(useBias && {
            'query.bias': bias(numHeads, keyDim),
            'key.bias': bias(numHeads, keyDim),
            'value.bias': bias(numHeads, valueDim),
            'output.bias': bias(out),
          }),
        };
      },
      call: (params: Params, ...inputs: Inputs) => {
        const { query, key, value, options: seen } = partsOf(...inputs);
        const heads = (x: Tensor, of: 'query' | 'key' | 'value'): Tensor =>
          added(einsum('btf,fhd->bthd', x, params[`${of}.kernel`]), params[`${of}.bias`]);
        const [queries, keys, values] = [heads(query, 'query'), heads(key, 'key'), heads(value, 'value')];
        const weights = attentionWeights(queries, keys, seen);
        const read = einsum('bhts,bshd->bthd', leaveOut(weights), values);
        return added(einsum('bthd,hdf->btf', read, params['output.kernel']), params['output.bias']);
      },
    };
  },
  {
    arguments: { numHeads: count, keyDim: count },
    options: {
      valueDim: count,
      dropout: rate,
      useBias: flag,
      outputShape: count,
      kernelInitializer: initializer,
      biasInitializer: initializer,
    },
    examples: [
      {
        of: [2, 3],
        on: [
          [4, 6],
          [5, 6],
        ],
      },
      {
        of: [1, 2, { valueDim: 3, outputShape: 5, useBias: false }],
        on: [[4, 6], [4, 6], [4, 2], { useCausalMask: true }],
      },
      { of: [2, 3], on: [[4, 6], [5, 6], { attentionMask: { shape: [4, 5], values: truths() } }] },
    ],
  },
);

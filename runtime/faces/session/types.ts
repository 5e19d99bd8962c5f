/** What a run may fetch, what may be fed, and what comes back, as types. */
import type { Tensor } from '../../../dsl/tensor.ts';
import type { Value } from '../../model/prediction.ts';
import type { Operation } from './graph/operation.ts';

/** A tensor, an operation, or lists and records of them, nested as you like. */
export type Fetches = Tensor | Operation | readonly Fetches[] | { readonly [name: string]: Fetches };

/**
 * What fetching gives, in the form of the fetches: for a scalar a number (a truth, if it is `bool`), for other tensors nested
 * arrays, for an operation `undefined`.
 */
export type Fetched<F> = F extends Operation
  ? undefined
  : F extends Tensor
    ? Value<F>
    : F extends readonly Fetches[]
      ? { readonly [K in keyof F]: Fetched<F[K]> }
      : { readonly [K in keyof F]: Fetched<F[K]> };

/** A value for a tensor: a number, a truth, nested arrays, or a typed array in row-major order. */
export type FeedValue = number | boolean | ArrayLike<number> | readonly FeedValue[];

/** Tensors with the values that they have in a run: pairs in an array, or a Map. */
export type Feeds = Iterable<readonly [tensor: Tensor, value: FeedValue]>;

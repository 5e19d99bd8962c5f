/** The columns of a dataset: what one row holds under one name, and the tensor a batch of it becomes. */
import type { Batch, DType, Shape, Tensor } from './tensor.ts';

/** One column: `S` is the shape of a single row's value; `Value` is what host code sees in a row. */
export interface Column<S extends Shape = Shape, D extends DType = DType, Value = unknown> {
  readonly kind: 'float' | 'int' | 'bool' | 'category' | 'tensor' | 'text';
  readonly shape: S;
  readonly dtype: D;
  /** The labels of a category, in the order of their numbers. */
  readonly labels?: readonly string[];
  /** How the words of a text become numbers. */
  readonly text?: TextHashing;
  /** Of real numbers: whether NaN, ±Infinity and what overflows float32 are taken too. Default: refused. */
  readonly notFinite?: 'allow';
  /** Present in types only: the value of the column in a plain row. */
  readonly value?: Value;
}

/** How a text is cut into words and what number each has; `text` says what they mean. */
export interface TextHashing {
  readonly buckets: number;
  readonly seed: number;
  readonly split: 'words' | 'spaces';
  readonly distinct: boolean;
}

export type Schema = { readonly [column: string]: Column };

/** The value a host sees in one row for a schema. */
export type Row<S extends Schema> = { readonly [K in keyof S]: NonNullable<S[K]['value']> };

/** The tensors a model sees for a schema: each column with the batch axis in front. */
export type Columns<S extends Schema> = {
  readonly [K in keyof S]: Tensor<readonly [Batch, ...S[K]['shape']], S[K]['dtype']>;
};

/** A real number a row. */
export const float: Column<readonly [], 'float32', number> = { kind: 'float', shape: [], dtype: 'float32' };

/** A 32-bit integer a row. */
export const int: Column<readonly [], 'int32', number> = { kind: 'int', shape: [], dtype: 'int32' };

/** A truth value a row. */
export const bool: Column<readonly [], 'bool', boolean> = { kind: 'bool', shape: [], dtype: 'bool' };

/** One of the given labels a row; its tensor holds the label's number, from 0. */
export function category<const L extends readonly string[]>(
  ...labels: L
): Column<readonly [], 'int32', L[number]> {
  return { kind: 'category', shape: [], dtype: 'int32', labels };
}

/** `size` real numbers a row. */
export function vector<N extends number>(size: N): Column<readonly [N], 'float32', ArrayLike<number>> {
  return { kind: 'tensor', shape: [size], dtype: 'float32' };
}

/**
 * The same column of real numbers, which takes NaN, Infinity and -Infinity as they are, and numbers too large for
 * float32 as infinities; without it such values are refused with DAT705. What NaN means is then for the model to say:
 * `rows({ x: allowNotFinite(float) }, readings)`.
 */
export function allowNotFinite<C extends Column<Shape, 'float32'>>(column: C): C {
  return { ...column, notFinite: 'allow' };
}

export interface TextOptions<N extends number = number> {
  /** How many words of a text are looked at; shorter ones are filled up with 0. */
  readonly words: N;
  /** Words are numbered from 1 up to but not including this: the `inputDim` of an embedding. */
  readonly buckets: number;
  /** Other numbers for the same words: two that share one share none with another seed, most likely. Default 0. */
  readonly seed?: number | undefined;
  /**
   * `words`: runs of letters, marks and digits of any script, in lower case and in Unicode's composed form (NFC). `spaces`: runs of
   * anything between white space, as they stand. Default `words`.
   */
  readonly split?: 'words' | 'spaces' | undefined;
  /** Takes each word once, where it stands first: `words` then counts different ones. Default false. */
  readonly distinct?: boolean | undefined;
}

/**
 * A text a row, as the numbers of its words: int32[words], with no list of the words that may come. A word has the same number in
 * every program and on every machine, 1 + h mod (buckets − 1) of a 32-bit hash h, and two words share one with chance
 * 1/(buckets − 1): the hashing trick (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"). 0 stands
 * after the last word.
 *
 * ```ts
 * const mails = from({ mail: text({ words: 400, buckets: 65_536 }), spam: float }, inbox);
 * const weights = embedding(65_536, 1);
 * const isWord = ({ mail }) => cast(greater(mail, 0), 'float32');   // 1 for a word, 0 for what fills up
 * ```
 */
export function text<const N extends number>(options: TextOptions<N>): Column<readonly [N], 'int32', string> {
  const { words, buckets, seed = 0, split = 'words', distinct = false } = options;
  return { kind: 'text', shape: [words], dtype: 'int32', text: { buckets, seed, split, distinct } };
}

/** What a column of text should have been made with; undefined where it can be used. */
export function textProblem({ shape, text }: Column): string | undefined {
  const [words] = shape;
  if (shape.length !== 1 || !isWhole(words, 1, 2 ** 24)) return 'words: a whole number from 1 to 16777216';
  if (typeof text !== 'object' || !isWhole(text.buckets, 2, 2 ** 31 - 1))
    return 'buckets: a whole number from 2 to 2147483647';
  if (!Number.isSafeInteger(text.seed)) return 'seed: a whole number';
  if (text.split !== 'words' && text.split !== 'spaces') return "split: 'words' or 'spaces'";
  return typeof text.distinct === 'boolean' ? undefined : 'distinct: true or false';
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** Nested arrays never hold more than four axes' worth of types; at run time any depth is checked. */
export type Nested = number | readonly Nested[] | ArrayLike<number>;

/** An array of the given dimensions a row, real numbers unless told otherwise. */
export function tensor<const S extends readonly number[], D extends DType = 'float32'>(
  dims: S,
  dtype?: D,
): Column<S, NoInfer<D>, Nested> {
  return { kind: 'tensor', shape: dims, dtype: dtype ?? ('float32' as D) };
}

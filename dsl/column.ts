/** The columns of a dataset: what one row holds under one name, and the tensor a batch of it becomes. */
import type { Batch, DType, Length, Shape, Tensor } from './tensor.ts';

/** One column: `S` is the shape of a single row's value; `Value` is what host code sees in a row. */
export interface Column<S extends Shape = Shape, D extends DType = DType, Value = unknown> {
  readonly kind: 'float' | 'int' | 'bool' | 'category' | 'tensor' | 'text' | 'sequence';
  readonly shape: S;
  readonly dtype: D;
  /** The labels of a category, in the order of their numbers. */
  readonly labels?: readonly string[];
  /** How the words of a text become numbers. */
  readonly text?: TextHashing | TextVocabulary;
  /** Of a sequence: what its items are, and how many a row may have at most. */
  readonly items?: { readonly of: Column; readonly most: number };
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

/** How a text is cut into words that are looked up in a list; `text` and `vocabulary` say what they mean. */
export interface TextVocabulary {
  readonly vocabulary: number;
  readonly split: 'words' | 'spaces' | 'whole';
  readonly distinct: boolean;
  /** The words that have numbers, the most frequent first. Absent before they are fitted to the training data. */
  readonly known?: readonly string[];
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

/** What texts with either kind of numbers are told. */
interface TextBasics<N extends number> {
  /** How many words of a text are looked at; shorter ones are filled up with 0. */
  readonly words: N;
  /**
   * `words`: runs of letters, marks and digits of any script, in lower case and in Unicode's composed form (NFC). `spaces`: runs of
   * anything between white space, as they stand. Default `words`.
   */
  readonly split?: 'words' | 'spaces' | undefined;
  /** Takes each word once, where it stands first: `words` then counts different ones. Default false. */
  readonly distinct?: boolean | undefined;
}

/** Words are hashed. */
export interface HashedText<N extends number = number> extends TextBasics<N> {
  /** Words are numbered from 1 up to but not including this: the `inputDim` of an embedding. */
  readonly buckets: number;
  /** Other numbers for the same words: two that share one share none with another seed, most likely. Default 0. */
  readonly seed?: number | undefined;
  readonly vocabulary?: undefined;
}

/** Words are looked up among the most frequent ones of the training data. */
export interface FittedText<N extends number = number> extends TextBasics<N> {
  /** Numbers are below this: the `inputDim` of an embedding. 0 fills up, 1 is any other word, the most frequent one is 2. */
  readonly vocabulary: number;
  readonly buckets?: undefined;
  readonly seed?: undefined;
}

export type TextOptions<N extends number = number> = HashedText<N> | FittedText<N>;

/**
 * A text a row, as the numbers of its words: int32[words].
 *
 * With `buckets` there is no list of the words that may come: a word has the same number in every program and on every machine,
 * 1 + h mod (buckets − 1) of a 32-bit hash h, and two words share one with chance 1/(buckets − 1): the hashing trick (Weinberger
 * et al. 2009, "Feature hashing for large scale multitask learning"). 0 stands after the last word.
 *
 * With `vocabulary` the list is fitted: before the first step the training data are read through once, and their most frequent
 * words (of equally frequent ones the first in the order of code units) have numbers of their own, from 2; 1 stands for all
 * others, 0 after the last word. The list is saved with the model. The data end and can be read again (PIP111).
 *
 * ```ts
 * const mails = from({ mail: text({ words: 400, buckets: 65_536 }), spam: float }, inbox);
 * const weights = embedding(65_536, 1);
 * const isWord = ({ mail }) => cast(greater(mail, 0), 'float32');   // 1 for a word, 0 for what fills up
 *
 * const reviews = csv('reviews.csv', { review: text({ words: 200, vocabulary: 20_000 }), stars: float });
 * ```
 */
export function text<const N extends number>(options: TextOptions<N>): Column<readonly [N], 'int32', string> {
  const { words, split = 'words', distinct = false } = options;
  const column = { kind: 'text', shape: [words], dtype: 'int32' } as const;
  if (options.vocabulary === undefined) {
    const { buckets, seed = 0 } = options;
    return { ...column, text: { buckets, seed, split, distinct } };
  }
  const { vocabulary, buckets } = options;
  // What the type forbids is still told of: see textProblem.
  const both = buckets === undefined ? {} : { buckets };
  return { ...column, text: { ...both, vocabulary, split, distinct } };
}

/**
 * One of many labels a row that nobody has listed, as an int32 number below `size`: before the first step the training data are
 * read through once, and the most frequent labels (of equally frequent ones the first in the order of code units) have numbers
 * of their own, from 1; 0 stands for all others. The list is saved with the model. Columns that are one value share it. Labels
 * that are known beforehand are a `category`. The data end and can be read again (PIP111).
 *
 * ```ts
 * const cities = fittedCategory({ size: 1_000 });
 * const trips = csv('trips.csv', { from: cities, to: cities, minutes: float });
 * const place = embedding(1_000, 8);   // place(from), place(to)
 * ```
 */
export function fittedCategory(options: { readonly size: number }): Column<readonly [], 'int32', string> {
  return {
    kind: 'text',
    shape: [],
    dtype: 'int32',
    text: { vocabulary: options.size, split: 'whole', distinct: false },
  };
}

/** How the words of a column are looked up; undefined of columns that have no vocabulary. */
export function vocabularyOf({ text }: Column): TextVocabulary | undefined {
  return text && 'vocabulary' in text ? text : undefined;
}

/** What a column of text should have been made with; undefined where it can be used. */
export function textProblem({ shape, text }: Column): string | undefined {
  if (typeof text !== 'object') return largest('buckets');
  if ('vocabulary' in text) return vocabularyProblem(shape, text);
  if (!isLength(shape)) return wordsRule;
  if (!isWhole(text.buckets, 2, 2 ** 31 - 1)) return `${largest('buckets')}, or vocabulary`;
  if (!Number.isSafeInteger(text.seed)) return 'seed: a whole number';
  return cutProblem(text);
}

/** The number of the most frequent word of a vocabulary; the number before it stands for all words that have none. */
export function firstKnown({ shape }: Column): number {
  return shape.length === 0 ? 1 : 2;
}

const wordsRule = 'words: a whole number from 1 to 16777216';

const largest = (option: string): string => `${option}: a whole number from 2 to 2147483647`;

function vocabularyProblem(shape: Shape, text: TextVocabulary): string | undefined {
  const whole = text.split === 'whole';
  if ('buckets' in text) return 'buckets or vocabulary, not both';
  if (whole ? shape.length !== 0 : !isLength(shape)) return wordsRule;
  if (!isWhole(text.vocabulary, 2, 2 ** 31 - 1)) return largest(whole ? 'size' : 'vocabulary');
  return whole ? undefined : cutProblem(text);
}

function cutProblem({
  split,
  distinct,
}: {
  readonly split: string;
  readonly distinct: unknown;
}): string | undefined {
  if (split !== 'words' && split !== 'spaces') return "split: 'words' or 'spaces'";
  return typeof distinct === 'boolean' ? undefined : 'distinct: true or false';
}

function isLength(shape: Shape): boolean {
  return shape.length === 1 && isWhole(shape[0], 1, 2 ** 24);
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/**
 * A list of items a row, as many as it likes up to `max`: readings of a sensor, letters, vectors of features. A batch of them is as
 * long as one of the `lengths` of `batch`, the shortest that holds its longest row; what is behind the end of a row is 0.
 * Programs see `T` for that length. Items are numbers, truth values, labels, vectors or tensors. `lengthsOf` and `maskOf` tell
 * in a model how long each row is.
 *
 * ```ts
 * const rides = rows({ speed: sequence(float, { max: 300 }), late: bool }, trips);
 * pipeline({ data: rides.bucketBatch(32, { by: 'speed', lengths: [50, 100, 300] }), … });
 * ```
 */
export function sequence<S extends readonly number[], D extends DType, Item>(
  item: Column<S, D, Item>,
  options: { readonly max: number },
): Column<readonly [Length, ...S], D, readonly Item[]> {
  return {
    kind: 'sequence',
    shape: ['T', ...item.shape],
    dtype: item.dtype,
    items: { of: item, most: options.max },
  };
}

/** What a column of sequences should have been made with; undefined where it can be used. */
export function sequenceProblem({ items }: Column): string | undefined {
  if (!items) return 'items';
  if (!['float', 'int', 'bool', 'category', 'tensor'].includes(items.of.kind))
    return 'items that are numbers, truth values, labels, vectors or tensors';
  return isWhole(items.most, 1, 2 ** 24) ? undefined : 'max: a whole number from 1 to 16777216';
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

/** Where windows lie along spatial axes: the arithmetic that windows, pooling and convolution share. */
/** The list, or 1 for each spatial axis where it was left out (then it is empty). */
export function eachOr1(list: readonly number[], spatial: number): readonly number[] {
  return list.length > 0 ? list : Array.from({ length: spatial }, () => 1);
}

/** How far `size` elements reach that stand `dilation` apart. */
export function reach(size: number, dilation: number): number {
  return size === 0 ? 0 : (size - 1) * dilation + 1;
}

/** How many windows that reach over `extent` elements fit into `length`, each `stride` after the one before. */
export function placesIn(length: number, extent: number, stride: number): number {
  return length < extent ? 0 : Math.floor((length - extent) / stride) + 1;
}

/** Windows as the options of an op give them; lists that were left out are all 1. */
export interface Windowing {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
}

export function windowingOf({ size, strides, dilation }: Windowing): Windowing {
  return { size, strides: eachOr1(strides, size.length), dilation: eachOr1(dilation, size.length) };
}

/** The axes from `first` on, `count` of them. */
export function axesFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

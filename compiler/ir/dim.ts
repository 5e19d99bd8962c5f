/** Arithmetic on axes: a size is a whole number times a product of symbols, written `'10*B'`. */
import type { Dim, Shape } from '../../dsl/tensor.ts';

export type { Dim, Shape };

interface Monomial {
  readonly factor: number;
  readonly symbols: readonly string[];
}

function monomial(dim: Dim): Monomial {
  if (typeof dim === 'number') return { factor: dim, symbols: [] };
  const parts = dim.split('*');
  const first = Number(parts[0]);
  return Number.isNaN(first) ? { factor: 1, symbols: parts } : { factor: first, symbols: parts.slice(1) };
}

function written({ factor, symbols }: Monomial): Dim {
  if (symbols.length === 0 || factor === 0) return factor;
  const product = [...symbols].sort().join('*');
  return factor === 1 ? product : `${factor}*${product}`;
}

/** The product of axes: the number of elements they span. */
export function product(dims: Shape): Dim {
  let factor = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    const m = monomial(dim);
    factor *= m.factor;
    symbols.push(...m.symbols);
  }
  return written({ factor, symbols });
}

/** a / b where it divides evenly whatever the symbols turn out to be, else undefined. */
export function quotient(a: Dim, b: Dim): Dim | undefined {
  const over = monomial(a);
  const under = monomial(b);
  if (under.factor === 0 || over.factor % under.factor !== 0) return undefined;
  const symbols = [...over.symbols];
  for (const symbol of under.symbols) {
    const at = symbols.indexOf(symbol);
    if (at < 0) return undefined;
    symbols.splice(at, 1);
  }
  return written({ factor: over.factor / under.factor, symbols });
}

/** The size in numbers once each symbol has one. */
export function valueOf(dim: Dim, symbols: Readonly<Record<string, number>>): number {
  const m = monomial(dim);
  return m.symbols.reduce((size, symbol) => {
    const value = symbols[symbol];
    if (value === undefined) throw new Error(`internal: no size for the symbol ${symbol}`);
    return size * value;
  }, m.factor);
}

/** The size in which those symbols that are given have become numbers. */
export function withSizes(dim: Dim, symbols: Readonly<Record<string, number>>): Dim {
  const m = monomial(dim);
  const left = m.symbols.filter((symbol) => symbols[symbol] === undefined);
  const factor = m.symbols.reduce((size, symbol) => size * (symbols[symbol] ?? 1), m.factor);
  return written({ factor, symbols: left });
}

/** The constant factor and the power of the symbol `B`: size = factor · Bᵖ. */
export function inBatch(dim: Dim): { factor: number; power: number } {
  const m = monomial(dim);
  if (m.symbols.some((symbol) => symbol !== 'B')) throw new Error(`internal: unbound symbol in ${dim}`);
  return { factor: m.factor, power: m.symbols.length };
}

export function isSymbolic(dim: Dim): boolean {
  return typeof dim === 'string';
}

/** Whether two shapes have as many axes, of the same sizes; symbols are equal by name. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

/** The shape both broadcast to by NumPy's rule (aligned at the last axis, 1 stretches), else undefined. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): Dim[] {
  const strides: Dim[] = [];
  let stride: Dim = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride = product([stride, shape[axis]!]);
  }
  return strides;
}

/** `[B, 784]`, as the text form and messages write it. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

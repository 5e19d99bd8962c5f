/** A graph in the making: values that exist so far, each with its numbers in one run, so that ops get fitting inputs. */
import { inBatch, product } from '../../compiler/ir/dim.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { nodeOf, typeOf } from '../../compiler/ir/node.ts';
import { concreteShape } from '../../compiler/ir/symbols.ts';
import type { Domain } from '../../compiler/op/domain.ts';
import { constant, input, iota, literal, param, state } from '../../compiler/op/leaf.ts';
import type { InputSpec } from '../../compiler/op/specs.ts';
import type { Values } from '../../compiler/op/values.ts';
import { sizeOf } from '../../compiler/op/values.ts';
import type { DType, Shape } from '../../dsl/tensor.ts';
import { evaluate } from '../../runtime/engines/reference/evaluate.ts';
import { maximum } from '../../stdlib/ops/arithmetic/maximum.ts';
import { minimum } from '../../stdlib/ops/arithmetic/minimum.ts';
import type { Choices } from './choices.ts';
import { numbersFor } from './numbers.ts';

/** Larger tensors add time and no cases. */
const largest = 600;

export class Growth {
  readonly pool: Node[] = [];
  /** Inputs, parameters and state, in the order of their making, which are run with these numbers. */
  readonly leaves: Node[] = [];
  readonly values = new Map<Node, Values>();
  readonly rows: number;
  private readonly seed: number;

  constructor(rows: number, seed: number) {
    this.rows = rows;
    this.seed = seed;
  }

  /** Takes a node into the pool if its numbers are fit to go on with; says whether. */
  admit(node: Node, evenSpecial: boolean): boolean {
    const { factor, power } = inBatch(product(typeOf(node).shape));
    if (factor * this.rows ** power > largest || factor * 8 ** power > 40 * largest) return false;
    const values = this.valuesOf(node);
    const tame = values.data.every((x) => Number.isFinite(x) && Math.abs(x) < 1e4);
    if (!tame && !evenSpecial) return false;
    if (!this.pool.includes(node)) this.pool.push(node);
    return true;
  }

  valuesOf(node: Node): Values {
    let values = this.values.get(node);
    if (!values) {
      values = evaluate([node], this.values, { B: this.rows })[0]!;
      this.values.set(node, values);
    }
    return values;
  }

  /** A value that the input takes: from the pool, latest first, or a new leaf. */
  operand(
    spec: Pick<InputSpec, 'accepts'>,
    choices: Choices,
    fits: (node: Node) => boolean = () => true,
  ): Node {
    const fitting = this.pool
      .filter((node) => spec.accepts.includes(typeOf(node).dtype) && fits(node))
      .reverse();
    if (fitting.length > 0) return choices.of(fitting);
    return this.leafOf(choices.of(spec.accepts), shapeFrom(choices), choices);
  }

  /** A value of exactly this type: from the pool now and then, else a new leaf. */
  exactly(dtype: DType, shape: Shape, choices: Choices): Node {
    const fitting = this.pool.filter((node) => {
      const type = typeOf(node);
      return type.dtype === dtype && type.shape.join() === shape.join();
    });
    return fitting.length > 0 && !choices.once(3)
      ? choices.of(fitting.reverse())
      : this.leafOf(dtype, shape, choices);
  }

  /** A new leaf of this type. */
  leafOf(dtype: DType, shape: Shape, choices: Choices): Node {
    const kind = choices.below(5);
    const known = shape.every((size) => typeof size === 'number') ? (shape as readonly number[]) : undefined;
    if (kind === 1 && dtype !== 'bool' && shape.length > 0) {
      return this.keep(iota(shape, choices.below(shape.length), dtype));
    }
    if (kind === 2) return this.keep(constant(numberOf(dtype, choices), shape, dtype));
    if (!known) {
      const plain = shape[0] === 'B' && shape.slice(1).every((size) => typeof size === 'number');
      return plain ? this.input(shape, dtype) : this.keep(constant(numberOf(dtype, choices), shape, dtype));
    }
    if (kind === 3) {
      const { data } = numbersFor({ dtype, shape: known }, this.seed, this.values.size);
      return this.keep(literal([...data], known, dtype));
    }
    return this.held(known, dtype, kind === 4 && dtype === 'float32');
  }

  input(shape: Shape, dtype: DType): Node {
    return this.fed(input(`column${this.leaves.length}`, shape, dtype));
  }

  held(shape: readonly number[], dtype: DType, trained: boolean): Node {
    const name = `held${this.leaves.length}`;
    return this.fed(nodeOf(trained ? param(shape, { name }) : state(shape, { name, dtype })));
  }

  /** x, kept inside the domain of what it goes into. */
  tamed(x: Node, domain: Domain | undefined): Node {
    const { dtype } = typeOf(x);
    if (!domain || dtype === 'bool') return x;
    const inside = this.valuesOf(x).data.every((value) => value >= domain.min && value <= domain.max);
    return inside ? x : nodeOf(maximum(minimum(x, domain.max), domain.min));
  }

  private fed(node: Node): Node {
    const shape = concreteShape(typeOf(node), { B: this.rows });
    this.values.set(node, numbersFor({ dtype: typeOf(node).dtype, shape }, this.seed, this.leaves.length));
    this.leaves.push(node);
    return this.keep(node);
  }

  private keep(node: Node): Node {
    this.pool.push(node);
    return node;
  }

  elements(node: Node): number {
    return sizeOf(concreteShape(typeOf(node), { B: this.rows }));
  }
}

const numbers = [1, 0, -1, 0.5, 2, -0.25, 3, -0] as const;

/** A plain number for a dtype. */
export function numberOf(dtype: DType, choices: Choices): number {
  const number = choices.of(numbers);
  if (dtype === 'bool') return Number(number > 0);
  return dtype === 'int32' ? Math.trunc(number) + 0 : number;
}

/** The size of an axis: small, now and then 1, rarely 0. */
export function sizeFrom(choices: Choices): number {
  const size = choices.of([2, 3, 1, 4, 2, 3, 5, 2, 3, 4, 1, 6]);
  return choices.once(25) ? 0 : size;
}

/** A shape of up to three axes, half the time with the batch in front. */
export function shapeFrom(choices: Choices): Shape {
  const rank = choices.of([1, 2, 0, 2, 3]);
  const sizes = Array.from({ length: rank }, () => sizeFrom(choices));
  return choices.below(2) === 1 ? ['B', ...sizes] : sizes;
}

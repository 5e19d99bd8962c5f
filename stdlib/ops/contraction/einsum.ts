/** Sums of products by an equation over named axes. */
import type { Op } from '../../../compiler/op/card.ts';
import { composite } from '../../../compiler/op/define/define-op.ts';
import { reals } from '../../../compiler/op/domain.ts';
import { iota } from '../../../compiler/op/leaf.ts';
import * as option from '../../../compiler/op/options.ts';
import type { DTypeOf } from '../../../compiler/op/signatures.ts';
import type { ListSpec } from '../../../compiler/op/specs.ts';
import { sameDType } from '../../../compiler/op/type-rules.ts';
import type { Shape, Tensor } from '../../../dsl/tensor.ts';
import { multiply } from '../arithmetic/multiply.ts';
import { equal } from '../comparison/equal.ts';
import { where } from '../comparison/where.ts';
import { reshape } from '../movement/reshape.ts';
import { transpose } from '../movement/transpose.ts';
import { sum } from '../reduction/sum.ts';
import { contract } from './parts/contract.ts';
import type { AxisNames, Equation } from './parts/einsum-equation.ts';
import { readEquation } from './parts/einsum-equation.ts';

type Einsum = <const L extends readonly Tensor[]>(
  equation: string,
  ...operands: L
) => Tensor<Shape, DTypeOf<L[number]>>;

/** A tensor whose axes have names, each its own. */
interface Labelled {
  readonly tensor: Tensor;
  readonly names: AxisNames;
}

/** Drops the axes of size 1 that an ellipsis stretches: what they meet brings the axis. */
function withoutStretched({ tensor, names }: Labelled, sizes: Equation['sizes']): Labelled {
  const stays = names.map((name, axis) => tensor.shape[axis] === sizes.get(name));
  if (stays.every(Boolean)) return { tensor, names };
  return {
    tensor: reshape(
      tensor,
      tensor.shape.filter((_, axis) => stays[axis]),
    ),
    names: names.filter((_, axis) => stays[axis]),
  };
}

/** Takes the diagonal along axes that share a letter. */
function withoutRepeats(labelled: Labelled): Labelled {
  let { tensor, names } = labelled;
  for (;;) {
    const second = names.findIndex((name, axis) => names.indexOf(name) !== axis);
    if (second < 0) return { tensor, names };
    const first = names.indexOf(names[second]!);
    // One element in each row is left, so the sum is that element, exactly.
    const onDiagonal = equal(iota(tensor.shape, first), iota(tensor.shape, second));
    tensor = sum(where(onDiagonal, tensor, 0), { axis: second });
    names = names.filter((_, axis) => axis !== second);
  }
}

/** Sums over the axes that nobody else speaks of. */
function withoutUnused({ tensor, names }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axis = names.flatMap((name, at) => (needed.has(name) ? [] : [at]));
  if (axis.length === 0) return { tensor, names };
  return { tensor: sum(tensor, { axis }), names: names.filter((name) => needed.has(name)) };
}

/** The axes in another order, with size 1 where the tensor has no axis of that name. */
function aligned({ tensor, names }: Labelled, order: AxisNames): Tensor {
  const present = order.filter((name) => names.includes(name));
  const axes = present.map((name) => names.indexOf(name));
  const inOrder = axes.every((axis, at) => axis === at) ? tensor : transpose(tensor, { axes });
  if (present.length === order.length) return inOrder;
  return reshape(
    inOrder,
    order.map((name) => (names.includes(name) ? tensor.shape[names.indexOf(name)]! : 1)),
  );
}

/** The product of two, summed over what they share and nobody else needs. */
function joined(left: Labelled, right: Labelled, needed: ReadonlySet<string>, result: AxisNames): Labelled {
  const shared = left.names.filter((name) => right.names.includes(name));
  const over = shared.filter((name) => !needed.has(name));
  if (over.length === 0) {
    const all = new Set([...left.names, ...right.names]);
    const names = [
      ...result.filter((name) => all.has(name)),
      ...[...all].filter((name) => !result.includes(name)),
    ];
    return { tensor: multiply(aligned(left, names), aligned(right, names)), names };
  }
  const batch = shared.filter((name) => needed.has(name));
  const pairs = (names: readonly string[]): [number[], number[]] => [
    names.map((name) => left.names.indexOf(name)),
    names.map((name) => right.names.indexOf(name)),
  ];
  return {
    tensor: contract(left.tensor, right.tensor, { batch: pairs(batch), over: pairs(over) }),
    names: [...batch, ...[...left.names, ...right.names].filter((name) => !shared.includes(name))],
  };
}

function summed(equation: string, tensors: readonly Tensor[]): Tensor {
  sameDType(tensors, 'einsum');
  const { operands, result, sizes } = readEquation(equation, tensors);
  const labelled = operands.map((names, i) =>
    withoutRepeats(withoutStretched({ tensor: tensors[i]!, names }, sizes)),
  );
  const neededBeside = (...own: number[]): Set<string> =>
    new Set([...result, ...labelled.flatMap(({ names }, i) => (own.includes(i) ? [] : names))]);
  const total = labelled
    .map((operand, i) => withoutUnused(operand, neededBeside(i)))
    .reduce((left, right, i) => {
      const needed = new Set([...result, ...labelled.slice(i + 1).flatMap(({ names }) => names)]);
      return joined(left, right, needed, result);
    });
  return aligned(total, result);
}

const numbers: ListSpec<'float32' | 'int32'> = { accepts: ['float32', 'int32'], list: true };

const operation = composite({
  name: 'einsum',
  inputs: { operands: numbers },
  options: { equation: option.text() },
  positional: ['equation'],
  body: ({ operands }, { equation }) => summed(equation, operands),
  domain: { operands: reals() },
  examples: [
    [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ],
        'ij,jk->ki',
      ],
      [
        [19, 43],
        [22, 50],
      ],
    ],
    [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
        'ii',
      ],
      5,
    ],
    [
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          [10, 100],
        ],
        '...i,...->...i',
      ],
      [
        [10, 20],
        [300, 400],
      ],
    ],
    [
      [
        [
          [1, 2],
          [3, 5],
          [2, 4],
        ],
        'i,j,i->j',
      ],
      [30, 50],
    ],
  ],
});

/**
 * Sums of products by Einstein's convention, as in NumPy: `einsum('bij,bjk->bik', a, b)` is a batched matmul. A letter
 * names an axis; letters that the result leaves out are summed over; a letter twice in one operand takes the diagonal; an
 * ellipsis stands for any axes, which broadcast. Without `->` the result has the letters that occur once, in alphabetical
 * order. Operands are joined from left to right.
 */
export const einsum: Op<Einsum> = Object.assign(
  ((equation: string, ...operands: Tensor[]) => operation(operands, { equation })) as Einsum,
  { card: operation.card },
);

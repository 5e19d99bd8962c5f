/** Builds the kernel of a contraction: its operands' strides, and what is done to each sum while it is at hand. */
import type { Dim } from '../../../dsl/tensor.ts';
import { product } from '../../ir/dim.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import type { Coordinates } from '../2-groups/coordinates.ts';
import type { Group } from '../2-groups/group.ts';
import { axesOf, freeAxes, layoutOf, merged } from '../2-groups/operand.ts';
import { reads } from '../2-groups/references.ts';
import type { ContractKernel, Operand, Step, Store } from '../plan.ts';
import type { BuildContext } from './build-context.ts';
import { Steps } from './steps.ts';

export function buildContract(group: Group, context: BuildContext): ContractKernel {
  const contraction = group.placed[0]!.job.root;
  const { shape } = group;
  const { batch, rows, columns } = freeAxes(contraction);
  const sizes = (axes: readonly number[]): Dim[] => axes.map((axis) => shape[axis]!);
  const walk = (axes: readonly number[], strides: readonly Dim[]): Dim => {
    const stride = merged(
      sizes(axes),
      axes.map((axis) => strides[axis]!),
    );
    if (stride === undefined)
      throw new Error(`internal: the epilogue of ${contraction.card.name} cannot walk its axes as one`);
    return stride;
  };
  const values = new Map<Node, { index: number; coordinates: Coordinates }>();
  const steps = new Steps({
    loops: shape.length,
    kept: context.kept,
    regionOf: (owner) => context.regions.of(owner),
    arrange: (strides) => [
      ...batch.map((axis) => strides[axis]!),
      walk(rows, strides),
      walk(columns, strides),
    ],
    made: (owner, seen, coordinates): Step | number | undefined => {
      const here = values.get(owner);
      return here && reads({ owner, seen, coordinates, anywhere: false }, here.coordinates)
        ? here.index
        : undefined;
    },
  });
  const stores: Store[] = [];
  for (const { job, coordinates } of group.placed) {
    const { root } = job;
    const value =
      job.kind === 'contract'
        ? steps.push({ kind: 'accumulator', dtype: typeOf(root).dtype })
        : steps.valueOf(job.value, coordinates, job.value === root ? root : undefined);
    values.set(root, { index: value, coordinates });
    if (context.stored.has(root)) stores.push({ access: steps.access(root, coordinates), value });
  }
  const over = axesOf(contraction, 0).over.map((axis) => typeOf(contraction.inputs[0]!).shape[axis]!);
  return {
    kind: 'contract',
    name: group.placed.map(({ job }) => context.regions.nameOf(job.root)).join('+'),
    batch: sizes(batch),
    rows: product(sizes(rows)),
    columns: product(sizes(columns)),
    depth: product(over),
    left: operand(contraction, 0, context),
    right: operand(contraction, 1, context),
    body: steps.body,
    stores,
    spans: [...new Set(group.placed.map(({ job }) => job.root.span))],
  };
}

function operand(contraction: Node, side: 0 | 1, context: BuildContext): Operand {
  const layout = layoutOf(contraction, side, false) ?? layoutOf(contraction, side, true);
  if (!layout) throw new Error(`internal: an operand of ${contraction.card.name} has no layout`);
  const { base, offset, batch, free, depth } = layout;
  return { region: context.regions.of(base), offset, batch, free, depth };
}

/** Makes up contractions: sizes around the tiles' and far from them, any layout of both sides, any epilogue. */

import type { ContractKernel, Operand } from '../../compiler/5-plan/plan.ts';
import { layoutOf } from '../../compiler/6-emit/wasm/contract/contract-layout.ts';
import { stridesOf } from '../../compiler/ir/dim.ts';
import type { Dim, DType } from '../../dsl/tensor.ts';
import type { Chooser } from './chooser.ts';
import type { MadeCase } from './kernel-maker.ts';
import { KernelMaker } from './kernel-maker.ts';

/** Real numbers, so that any other order of a sum would show. */
function operand(maker: KernelMaker, dtype: DType, batch: readonly Dim[], free: Dim, depth: Dim): Operand {
  const { choose } = maker;
  const extents = [...batch, free, depth];
  const loops = extents.map((_, loop) => loop);
  const held = loops.filter((loop) => loop >= batch.length || !choose.chance(4));
  const order = choose.chance(2) ? choose.shuffled(held) : held;
  const spread = choose.chance(6) ? 2 : 1;
  const shape: Dim[] = [...order.map((loop) => extents[loop]!), ...(spread > 1 ? [spread] : [])];
  const own = stridesOf(shape);
  let offset = spread > 1 ? choose.whole(0, 1) : 0;
  const strides = loops.map((loop): Dim => {
    const stride = held.includes(loop) ? own[order.indexOf(loop)]! : 0;
    const extent = extents[loop]!;
    if (
      typeof stride !== 'number' ||
      typeof extent !== 'number' ||
      extent < 2 ||
      stride === 0 ||
      !choose.chance(12)
    )
      return stride;
    offset += (extent - 1) * stride;
    return -stride;
  });
  const region = maker.region(dtype, shape, dtype === 'float32' ? () => choose.real() : undefined);
  return {
    region,
    offset,
    batch: strides.slice(0, batch.length),
    free: strides.at(-2)!,
    depth: strides.at(-1)!,
  };
}

export function contractCase(choose: Chooser): MadeCase {
  const maker = new KernelMaker(choose);
  const isLarge = choose.chance(8);
  const sizes: readonly Dim[] = [
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    10,
    12,
    13,
    16,
    17,
    33,
    'B',
    'B',
    choose.chance(5) ? 0 : '2*B',
  ];
  const [rows, columns, depth] = isLarge
    ? [choose.one<Dim>([16, 18, 'B']), choose.one([32, 45, 70]), choose.one([64, 130])]
    : [choose.one(sizes), choose.one(sizes), choose.one(sizes)];
  const batch = isLarge
    ? []
    : maker.extents(2).map((size) => (typeof size === 'number' ? Math.min(size, 3) : size));
  const dtype: DType = choose.chance(6) ? 'int32' : 'float32';
  if (isLarge) maker.features.add('large');
  if (dtype === 'int32') maker.features.add('integers');
  if (batch.length > 0) maker.features.add('batched');
  const left = operand(maker, dtype, batch, rows!, depth!);
  const right = operand(maker, dtype, batch, columns!, depth!);
  const extents = [...batch, rows!, columns!];
  const stage = maker.stage('outer', extents, extents.length, [
    { over: 'outer', body: [{ kind: 'accumulator', dtype }], stores: [], folds: [] },
  ]);
  // The maker refers to the accumulator as a value of an earlier stage; here it is a step of its own.
  const body = stage.body.map((step) =>
    step.kind === 'earlier' ? ({ kind: 'accumulator', dtype } as const) : step,
  );
  const sum = body.push({ kind: 'accumulator', dtype }) - 1;
  const plain = {
    access: maker.access(
      extents,
      extents.map(() => true),
      dtype,
    ),
    value: sum,
  };
  const kernel: ContractKernel = {
    kind: 'contract',
    name: 'generated',
    batch,
    rows: rows!,
    columns: columns!,
    depth: depth!,
    left,
    right,
    body,
    stores: [...stage.stores.filter(({ add }) => !add), plain],
    spans: [],
  };
  const layout = layoutOf(kernel, maker.capacity);
  if (layout.packLeft) maker.features.add('packed left');
  if (layout.packRight) maker.features.add('packed right');
  if (layout.kernel.left.region !== left.region) maker.features.add('exchanged');
  return maker.finish(kernel);
}

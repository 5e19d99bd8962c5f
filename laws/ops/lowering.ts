/** The law of lowerings: what an engine computes for each element is what the op means. */
import { byName, scalarLowering } from '../../compiler/ir/inputs.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import type { LaneType, Scalar } from '../../compiler/op/scalar.ts';
import type { DType } from '../../dsl/tensor.ts';
import { close } from '../close.ts';
import type { Draws } from '../draw.ts';
import { eagerScalars, known, valueOf } from '../eager-scalars.ts';
import { holds, LawBroken } from '../law-test.ts';
import { specials } from '../special-values.ts';
import { domainOf } from './case.ts';
import type { DocumentedCall } from './documented-calls.ts';

const laneOf: Readonly<Record<DType, LaneType>> = { float32: 'f32', int32: 'i32', bool: 'mask' };

/** As memory holds it. */
function held(value: number, dtype: DType): number {
  if (dtype === 'int32') return value | 0;
  return dtype === 'bool' ? Number(value !== 0) : Math.fround(value);
}

/** The card, if its meaning and its lowering are both said for single numbers. */
export function loweredCard({ card }: DocumentedCall): Primitive | undefined {
  const isElementwise = card.kind === 'map' || card.kind === 'zip';
  return isElementwise && card.scalar && card.lower.wasm ? card : undefined;
}

/** The dtypes that the inputs may have together. */
function combinations({ inputs }: Primitive): DType[][] {
  const specs = Object.values(inputs);
  const free = specs.at(-1)?.accepts ?? [];
  return free.map((dtype) =>
    specs.map(({ accepts }) => (accepts.includes(dtype) ? dtype : (accepts[0] ?? dtype))),
  );
}

/**
 * On drawn numbers of the domain, some of them replaced by special values of it, by NaN and by infinities. Real results
 * may differ by the card's tolerance, relatively, or a quarter of it absolutely; whole ones and truths not at all.
 */
export function lowersToItsMeaning(
  call: DocumentedCall,
  card: Primitive,
  draws: Draws,
  runs: number,
): number {
  const { scalar, tolerance } = card;
  if (!scalar) return 0;
  const names = Object.keys(card.inputs);
  const relative = tolerance.wasm ?? 1e-6;
  let count = 0;
  for (const dtypes of combinations(card)) {
    const types = dtypes.map((dtype) => ({ dtype, shape: [] }));
    const { attributes } = call.node;
    const { dtype } = card.type(byName(card, types), attributes, card.name);
    for (let run = 0; run < runs; run++) {
      const xs = names.map((name, i) => input(call, name, dtypes[i] ?? 'float32', draws));
      const want = held(scalar(byName(card, xs), attributes, dtype), dtype);
      const lanes = xs.map((x, i) => known(laneOf[dtypes[i] ?? 'float32'], x));
      const at = `${card.name}(${xs.join(', ')}) of ${dtypes}`;
      const lowered = computed(at, () => scalarLowering(card)(eagerScalars, lanes, attributes));
      holds(
        lowered.type === laneOf[dtype],
        () => `${at} is lowered to ${lowered.type}, not ${laneOf[dtype]}`,
      );
      const got = valueOf(lowered);
      const near = dtype === 'float32' && close(got, want, relative, relative / 4);
      holds(near || Object.is(got, want), () => `${at} is lowered to ${got}, and means ${want}`);
      count++;
    }
  }
  return count;
}

/** What lanes cannot do, such as dividing whole numbers as if they were real, is thrown by the builder. */
function computed(at: string, lower: () => Scalar): Scalar {
  try {
    return lower();
  } catch (error) {
    throw new LawBroken(`${at} cannot be lowered: ${error instanceof Error ? error.message : error}`);
  }
}

function input(call: DocumentedCall, name: string, dtype: DType, draws: Draws): number {
  if (dtype === 'bool') return draws.whole(0, 1);
  const domain = domainOf(call, name);
  if (draws.whole(0, 4) > 0) return held(draws.element(domain), dtype);
  const inside = specials[dtype].filter((x) => !Number.isFinite(x) || (x >= domain.min && x <= domain.max));
  return inside.length > 0 ? draws.of(inside) : held(draws.element(domain), dtype);
}

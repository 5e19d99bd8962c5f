/** The vocabulary for type rules: how the type of a result follows from the types of the inputs. */
import { DTY302 } from '../diagnostics/dtype.ts';
import { axesOf } from './axes.ts';
import type { TensorType, TypeRule } from './card.ts';
import { TypeMismatch } from './mismatch.ts';
import type { Named } from './specs.ts';
import { typeText } from './type-text.ts';

/** Refuses inputs of different dtypes, with DTY302. `names` are the inputs' for the message. */
export function sameDType(inputs: readonly TensorType[], op: string, first = 0): void {
  const wanted = inputs[first]!;
  const other = inputs.findIndex((input, i) => i > first && input.dtype !== wanted.dtype);
  if (other < 0) return;
  const found = inputs[other]!;
  throw new TypeMismatch({
    code: DTY302,
    message: `${op} cannot mix ${wanted.dtype} and ${found.dtype}`,
    blame: other,
    label: `${typeText(wanted)} meets ${typeText(found)}`,
    expected: `${wanted.dtype} for all of its inputs`,
    received: `${wanted.dtype} and ${found.dtype}`,
    hint: `convert one of them: cast(…, '${found.dtype === 'bool' ? wanted.dtype : found.dtype}')`,
  });
}

/** The types of one input after the other. */
function inOrder(inputs: Named<TensorType | readonly TensorType[]>): TensorType[] {
  const types: TensorType[] = [];
  for (const each of Object.values(inputs)) {
    if ('dtype' in each) types.push(each);
    else types.push(...each);
  }
  return types;
}

/** The result has the type of the only input. */
export const preserving: TypeRule = (inputs) => inOrder(inputs)[0]!;

/** Equal-shaped inputs of one dtype give a result of the same type. */
export const matching: TypeRule = (inputs, _, op) => {
  const types = inOrder(inputs);
  sameDType(types, op);
  return types[0]!;
};

/** Equal-shaped inputs of one dtype give truths. */
export const comparing: TypeRule = (inputs, _, op) => {
  const types = inOrder(inputs);
  sameDType(types, op);
  return { dtype: 'bool', shape: types[0]!.shape };
};

/** The options of reductions. */
export interface Folded {
  readonly axis: number | readonly number[] | null;
  readonly keepDims: boolean;
}

/** The axes of option `axis`, from the front: what reductions say of themselves. */
export function foldedAxes({ axis }: Folded, rank: number): readonly number[] {
  return axesOf(axis, rank, 'internal');
}

/** Folds the axes of option `axis` away, or to size 1 with option `keepDims`. */
export function reducing(
  { x }: { readonly x: TensorType },
  { axis, keepDims }: Folded,
  op: string,
): TensorType {
  const gone = axesOf(axis, x.shape.length, op);
  const kept = keepDims
    ? x.shape.map((size, at) => (gone.includes(at) ? 1 : size))
    : x.shape.filter((_, at) => !gone.includes(at));
  return { dtype: x.dtype, shape: kept };
}

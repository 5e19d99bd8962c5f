/** The vocabulary for type rules: how the type of a result follows from the types of the inputs. */
import { DTY302 } from '../diagnostics/dtype.ts';
import { axesOf } from './axes.ts';
import type { TensorType, TypeRule } from './card.ts';
import { TypeMismatch } from './card.ts';
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

/** The result has the type of the only input. */
export const preserving: TypeRule = (inputs) => inputs[0]!;

/** Equal-shaped inputs of one dtype give a result of the same type. */
export const matching: TypeRule = (inputs, _, op) => {
  sameDType(inputs, op);
  return inputs[0]!;
};

/** Equal-shaped inputs of one dtype give truths. */
export const comparing: TypeRule = (inputs, _, op) => {
  sameDType(inputs, op);
  return { dtype: 'bool', shape: inputs[0]!.shape };
};

/** Folds the axes of option `axis` away, or to size 1 with option `keepDims`. */
export const reducing: TypeRule = (inputs, { axis, keepDims }, op) => {
  const { dtype, shape } = inputs[0]!;
  const gone = axesOf(axis, shape.length, op);
  const kept = keepDims
    ? shape.map((size, at) => (gone.includes(at) ? 1 : size))
    : shape.filter((_, at) => !gone.includes(at));
  return { dtype, shape: kept };
};

/** Batches for the pipelines of `specs/differential/pipeline-of.ts`, drawn from a seed. */
import type { Numbers } from '../../runtime/engines/engine.ts';
import { trigger } from './faults.ts';

export interface Batch {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, Numbers>>;
}

/** Rows of which one may be struck. */
export function batchOf(rows: number, struck: number | undefined, seed: number): Batch {
  let state = seed + 1;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.fround((state >>> 8) / 2 ** 24);
  };
  return {
    rows,
    inputs: {
      features: Float32Array.from({ length: rows * 3 }, () => random() * 2 - 1),
      size: Float32Array.from({ length: rows }, (_, row) => (row === struck ? trigger : random())),
      kind: Int32Array.from({ length: rows }, () => Math.floor(random() * 3)),
      mark: Int32Array.from({ length: rows }, () => Math.round(random())),
    },
  };
}

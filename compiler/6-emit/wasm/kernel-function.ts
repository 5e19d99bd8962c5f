/** The function of one kernel: where its regions start comes as parameters, so that equal kernels share their code. */
import type { Local } from './function.ts';
import { FunctionBody } from './function.ts';

/** In place of a region: where the scratch memory starts. */
export const scratchRegion = -1;

export interface KernelFunction {
  readonly body: FunctionBody;
  /** The regions (or the scratch memory) whose starts are the parameters, in order; the rows follow. */
  readonly regions: readonly number[];
}

export interface Frame {
  readonly f: FunctionBody;
  readonly rows: Local;
  readonly baseOf: (region: number) => Local;
  readonly finish: () => KernelFunction;
}

/** Opens a function with a parameter for each of the regions. */
export function frameFor(regions: Iterable<number>): Frame {
  const order = [...new Set(regions)];
  const f = new FunctionBody({ takes: [...order.map(() => 'i32' as const), 'i32'], gives: [] });
  const baseOf = (region: number): Local => f.params[order.indexOf(region)]!;
  return { f, rows: f.params[order.length]!, baseOf, finish: () => ({ body: f, regions: order }) };
}

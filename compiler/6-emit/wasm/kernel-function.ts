/** The function of one kernel: where its regions start comes as parameters, so that equal kernels share their code. */
import type { Local } from './assembler/function.ts';
import { FunctionBody } from './assembler/function.ts';
import type { Split } from './threads/split.ts';

/** In place of a region: where the scratch memory starts. */
export const scratchRegion = -1;

export interface KernelFunction {
  readonly body: FunctionBody;
  /** The regions (or the scratch memory) whose starts are the parameters, in order; the rows follow. */
  readonly regions: readonly number[];
  /** Of a kernel that threads divide; then the first iteration and the number of iterations follow the rows. */
  readonly split: Split | undefined;
}

/** A thread's part of the loop that is divided: its first iteration, and how many iterations it has. */
export interface Share {
  readonly loop: number;
  readonly first: Local;
  readonly count: Local;
}

export interface Frame {
  readonly f: FunctionBody;
  readonly rows: Local;
  readonly baseOf: (region: number) => Local;
  readonly share: Share | undefined;
  readonly finish: () => KernelFunction;
}

/** Opens a function with a parameter for each of the regions. */
export function frameFor(regions: Iterable<number>, split?: Split): Frame {
  const order = [...new Set(regions)];
  const takes = [...order, 'rows', ...(split ? ['first', 'count'] : [])].map(() => 'i32' as const);
  const f = new FunctionBody({ takes, gives: [] });
  const baseOf = (region: number): Local => f.params[order.indexOf(region)]!;
  const [rows, first, count] = f.params.slice(order.length);
  const share = split && { loop: split.loop, first: first!, count: count! };
  return { f, rows: rows!, baseOf, share, finish: () => ({ body: f, regions: order, split }) };
}

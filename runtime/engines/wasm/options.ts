/** What the WebAssembly engine may be told, and how many threads a pipeline gets when nothing is said. */
import { availableParallelism } from 'node:os';
import type { Plan } from '../../../compiler/5-plan/plan.ts';
import type { PlanChoice } from '../../../compiler/5-plan/plan-program.ts';
import { microsecondsOfRun } from '../../../compiler/6-emit/wasm/index.ts';

export interface WasmOptions {
  /**
   * How many threads run a program; 0 and 1 are the caller's own alone. The same bits come out for any number. Default
   * `'auto'`: as many as there are processors, up to four, where a run is long enough to be worth it.
   */
  readonly threads?: number | 'auto' | undefined;
  /**
   * Lets the host multiply and add in one step, rounded once, in contractions. Faster; but the bits depend on the host's
   * processor, so a run repeats on the same kind of machine only. Where the host has no relaxed SIMD, nothing changes.
   * Default false.
   */
  readonly relaxedSimd?: boolean | undefined;
  /**
   * Where emitted modules are kept from one process to the next; `false` for nowhere. Default: what the environment's
   * `MILLRACE_CACHE` says (a folder, or `off`), else `.cache/millrace` in the nearest `node_modules`, if there is one.
   */
  readonly cache?: string | false | undefined;
  /** How plans are made; the defaults are the fastest. */
  readonly plan?: PlanChoice | undefined;
}

/** How a pipeline is divided: among how many threads, which programs, and which of their kernels. */
export interface Division {
  readonly threads: number;
  /** Programs that take at least so many microseconds, by estimate. */
  readonly programsFrom: number;
  readonly kernelsFrom: number;
  /** Programs that may leave the caller's thread free meanwhile: these would keep the event loop waiting. */
  readonly asideFrom: number;
  /** Whether there is any thread but the caller's. */
  readonly isShared: boolean;
}

/** A barrier takes about a microsecond, waking them some tens: by far less than what is divided. */
const usual = { programsFrom: 300, kernelsFrom: 10 };
/** Whoever names a number of threads is taken at their word, but for what is shorter than a barrier. */
const insisted = { programsFrom: 20, kernelsFrom: 2 };

const mostByDefault = 4;
/** As long as a timer may be late. */
const longWait = 20_000;

/** In a bundle of CommonJS nothing knows where the file lies that a worker begins with. */
const canStartWorkers = Boolean(import.meta.url);

export function divisionOf(options: WasmOptions, plans: readonly Plan[]): Division {
  const threads = canStartWorkers ? (options.threads ?? 'auto') : 1;
  const longest = Math.max(0, ...plans.map(microsecondsOfRun));
  if (threads !== 'auto') {
    const count = Math.max(1, threads);
    const asideFrom = count > 1 ? longWait * count : Number.POSITIVE_INFINITY;
    return { ...insisted, threads: count, asideFrom, isShared: count > 1 };
  }
  const count = longest >= usual.programsFrom ? Math.min(mostByDefault, availableParallelism()) : 1;
  const asideFrom = longWait * count;
  return { ...usual, threads: count, asideFrom, isShared: count > 1 || longest >= asideFrom };
}

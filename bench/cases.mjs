/** What is measured. The first contestant is ours; the others stand beside it in the same run. */
import { arena } from './cases/arena.mjs';
import { checkCold } from './cases/check-cold.mjs';
import { compileTime } from './cases/compile-time.mjs';
import { durability } from './cases/durability.mjs';
import { efficiency } from './cases/efficiency.mjs';
import { growth } from './cases/growth.mjs';
import { matmul } from './cases/matmul.mjs';
import { online } from './cases/online.mjs';
import { predict } from './cases/predict.mjs';
import { rows } from './cases/rows.mjs';
import { runtimeOverhead } from './cases/runtime-overhead.mjs';
import { serve } from './cases/serve.mjs';
import { session } from './cases/session.mjs';
import { steps } from './cases/steps.mjs';

/**
 * A case is timed, with `contestants` that take turns, or makes a table of its own, with `tabulate`. `targets` judge the
 * median times, asked for by the id of a contestant.
 */
export const cases = [
  ...steps,
  online,
  predict,
  rows,
  matmul,
  efficiency,
  runtimeOverhead,
  serve,
  session,
  checkCold,
  compileTime,
  durability,
  arena,
  growth,
];

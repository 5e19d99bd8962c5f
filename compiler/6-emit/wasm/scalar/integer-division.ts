/** Integer quotients and remainders as scalar expressions mean them: they wrap where the instruction would trap. */
import type { FunctionBody } from '../assembler/function.ts';
import type { PushArgument } from './operation.ts';

/** Emits one quotient or remainder; only a zero divisor traps. */
export function emitDivision(f: FunctionBody, op: 'divS' | 'remS', push: PushArgument): void {
  if (op === 'remS') {
    push(0);
    push(1);
    f.op('i32.rem_s');
    return;
  }
  const byMinusOne = (): void => {
    push(1);
    f.i32(-1);
    f.op('i32.eq');
  };
  // −2³¹ / −1 traps; so a / −1 is computed as 0 − a, beside a division by 1 that nobody looks at.
  f.i32(0);
  push(0);
  f.op('i32.sub');
  push(0);
  f.i32(1);
  push(1);
  byMinusOne();
  f.select();
  f.op('i32.div_s');
  byMinusOne();
  f.select();
}

/** There is no vector division of integers: lane by lane. */
export function emitLaneDivisions(f: FunctionBody, op: 'divS' | 'remS', push: PushArgument): void {
  for (let lane = 0; lane < 4; lane++) {
    emitDivision(f, op, (argument) => {
      push(argument);
      f.op('i32x4.extract_lane', { lane });
    });
    if (lane === 0) f.op('i32x4.splat');
    else f.op('i32x4.replace_lane', { lane });
  }
}

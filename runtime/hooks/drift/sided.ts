/** A test for a rise, used for rises, for falls, or for both at once. */
import type { OptionRule } from '../../run/check-options.ts';
import { rule } from '../../run/check-options.ts';
import type { Detected } from './define-detector.ts';

/** Which changes are drift: `up` is a rise, as of an error or a loss. */
export type Direction = 'up' | 'down' | 'both';

/** The rule of an option that is a direction. */
export const directionRule: OptionRule = rule.oneOf('up', 'down', 'both');

/** 1 looks for a rise, −1 for a fall. */
export type Sign = 1 | -1;

interface OneSided<State> {
  readonly initialState: State;
  readonly update: (state: State, value: number) => Detected<State>;
}

/** The states of the two sides; null where nobody looks. */
export interface Sides<State> {
  readonly up: State | null;
  readonly down: State | null;
}

/** Runs `make(1)` on rises and `make(-1)` on falls; a drift on either side starts both anew. */
export function sided<State>(
  direction: Direction,
  make: (sign: Sign) => OneSided<State>,
): OneSided<Sides<State>> {
  const [rise, fall] = [make(1), make(-1)];
  const initialState: Sides<State> = {
    up: direction === 'down' ? null : rise.initialState,
    down: direction === 'up' ? null : fall.initialState,
  };
  return {
    initialState,
    update(state, value) {
      const up = state.up === null ? undefined : rise.update(state.up, value);
      const down = state.down === null ? undefined : fall.update(state.down, value);
      const verdicts = [up?.verdict, down?.verdict];
      if (verdicts.includes('drift')) return { state: initialState, verdict: 'drift' };
      return {
        state: { up: up?.state ?? null, down: down?.state ?? null },
        verdict: verdicts.includes('warning') ? 'warning' : 'stable',
      };
    },
  };
}

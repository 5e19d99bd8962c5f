/** A hook that halves the learning rate when the loss stands still. */
import type { Hook } from 'millrace/runtime';
import { defineHook, setLearningRate } from 'millrace/runtime';

export interface HalveOnPlateauOptions {
  /** How many epochs without a smaller loss are waited for. Default 2. */
  readonly patience?: number;
}

/** Halves the learning rate after `patience` epochs whose training loss is no smaller than the best so far. */
export function halveOnPlateau(options: HalveOnPlateauOptions = {}): Hook<PlateauState> {
  const { patience = 2 } = options;
  return defineHook({
    name: 'halveOnPlateau',
    initialState: { best: null, waited: 0, rate: null } as PlateauState,
    on: (state, event) => {
      if (event.type === 'learningRateChanged') return { state: { ...state, rate: event.learningRate } };
      if (event.type !== 'epochFinished') return { state };
      if (state.best === null || event.loss < state.best)
        return { state: { ...state, best: event.loss, waited: 0 } };
      const waited = state.waited + 1;
      if (waited < patience) return { state: { ...state, waited } };
      const rate = (state.rate ?? 1e-3) / 2;
      return { state: { ...state, waited: 0 }, commands: [setLearningRate(rate)] };
    },
  });
}

/** What the hook remembers: plain data. */
export interface PlateauState {
  readonly best: number | null;
  readonly waited: number;
  readonly rate: number | null;
}

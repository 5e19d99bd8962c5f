/** What a saved model holds, read and checked, for those who hand it on instead of running it. */
import type { Compiled } from '../../compiler/compiled.ts';
import type { Engine, Numbers } from '../engines/engine.ts';
import { load } from './load.ts';

export interface ModelContents {
  readonly compiled: Compiled;
  /** Weights and layers' state by name, and the seed. */
  readonly values: ReadonlyMap<string, Numbers>;
  readonly seed: number;
}

/** Reads a model as `load` does, into an engine that runs nothing and keeps what it is given. */
export async function modelContents(directory: string | URL): Promise<ModelContents> {
  const values = new Map<string, Numbers>();
  let compiled: Compiled | undefined;
  const keeping: Engine = {
    name: 'keeping',
    load: async (loaded) => {
      compiled = loaded;
      const dtypes = new Map(loaded.state.map(({ name, dtype }) => [name, dtype]));
      return {
        program: () => {
          throw new Error('internal: a model is read here, not run');
        },
        read: (state) => values.get(state)!,
        write: (state, given) => {
          const Numbers = dtypes.get(state) === 'float32' ? Float32Array : Int32Array;
          values.set(state, Numbers.from(given));
        },
        dispose: () => {},
      };
    },
  };
  const { seed } = await load(directory, { engine: keeping });
  if (!compiled) throw new Error('internal: a model was loaded past its engine');
  return { compiled, values, seed };
}

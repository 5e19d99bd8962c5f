/** What `session.run` costs beside the bare step of the engine: a line fitted to a hundred points, again and again. */
import { looped } from '../looped.mjs';
import { atMost } from '../target.mjs';

const points = 100;
const xs = Float32Array.from({ length: points }, (_, i) => i / points);
const ys = xs.map((x) => 3 * x + 2);

async function line() {
  const { add, multiply, square, subtract, sum } = await import('millrace');
  const s = await import('millrace/session');
  const [w, b] = [s.variable(0.3), s.variable(-0.3)];
  const [x, y] = [s.placeholder('float32', [points]), s.placeholder('float32', [points])];
  const loss = sum(square(subtract(add(multiply(w, x), b), y)));
  const fetches = { train: s.gradientDescentOptimizer(0.001).minimize(loss), loss };
  const feeds = [
    [x, xs],
    [y, ys],
  ];
  return { s, fetches, feeds };
}

export const session = {
  name: 'session',
  title: 'a repeated run of a session, a line by gradient descent on 100 points',
  contestants: () => [
    {
      id: 'ours',
      name: 'Millrace, session.run',
      open: async () => {
        const { s, fetches, feeds } = await line();
        const opened = new s.Session({ threads: 1 });
        await opened.run(s.globalVariablesInitializer());
        const step = async () => (await opened.run(fetches, feeds)).loss;
        // The other contestant has made one step before it can be watched.
        await step();
        return { ...(await looped(step)), close: () => opened.close() };
      },
    },
    {
      id: 'engine',
      name: 'Millrace, the bare engine',
      open: async () => {
        const { s, fetches, feeds } = await line();
        // The same module, taken from a session that has run it, without what the session does around it.
        const { wasmEngine } = await import('millrace/runtime');
        let runnable;
        const engine = wasmEngine({ threads: 1 });
        const opened = new s.Session({
          engine: {
            name: 'watched',
            load: async (module, options) => {
              const loaded = await engine.load(module, options);
              const program = (name) => {
                const made = loaded.program(name);
                // Initial values are computed by programs that are fed nothing.
                if (Object.keys(made.inputs).length > 0) runnable = made;
                return made;
              };
              return { ...methodsOf(loaded), program };
            },
          },
        });
        await opened.run(s.globalVariablesInitializer());
        await opened.run(fetches, feeds);
        const output = Object.values(runnable.outputs)[0];
        const step = () => {
          runnable.run(1);
          return output[0];
        };
        return { ...(await looped(step)), close: () => opened.close() };
      },
    },
  ],
  targets: (of) => [atMost('a run costs ≤ 3 µs over the engine’s step', of('ours') - of('engine'), 3, ' µs')],
};

const methodsOf = (loaded) => ({
  read: (state) => loaded.read(state),
  write: (state, values) => loaded.write(state, values),
  dispose: () => loaded.dispose(),
});

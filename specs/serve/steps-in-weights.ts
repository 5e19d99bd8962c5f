/** A model whose answers prove which step they are of: each step adds exactly 1 to every weight. */
import type { Batches } from '../../dsl/dataset.ts';
import { from } from '../../dsl/dataset.ts';
import {
  add,
  dense,
  float,
  mean,
  multiply,
  param,
  pipeline,
  program,
  relu,
  sgd,
  square,
  subtract,
  sum,
  vector,
  zeros,
} from '../../stdlib/index.ts';

export const width = 24;

export const schema = { x: vector(width), one: float };

/** A row to ask for: all of it is one number. */
export const asking = (value: number): { readonly x: Float32Array } => ({
  x: new Float32Array(width).fill(value),
});

/** Rows without end; after each batch the event loop is served, so that a step is never hurried. */
export function endlessRows(size: number): Batches<typeof schema> {
  return from(schema, async function* () {
    for (let i = 0; ; i++) {
      if (i % size === 0) await new Promise((resolve) => setImmediate(resolve));
      yield { x: new Float32Array(width).fill(1), one: 1 };
    }
  }).batch(size);
}

/** `weight` makes each step work so long that it runs aside in threads; what is asked for does not depend on it. */
export function counting({
  size = 4,
  weight = 0,
}: {
  readonly size?: number;
  readonly weight?: number;
} = {}) {
  const first = param([width], { initializer: zeros });
  const second = param([width], { initializer: zeros });
  const heavy = dense(Math.max(1, weight), { activation: relu });
  return pipeline({
    data: endlessRows(size),
    model: ({ x }) => ({
      first: multiply(x, first),
      second: multiply(x, second),
      ...(weight > 0 && { effort: multiply(mean(square(heavy(x)), { axis: -1 }), 1e-6) }),
    }),
    loss: (answer, { one }) => {
      const down = subtract(one, add(sum(first), sum(second)));
      return 'effort' in answer ? add(down, answer.effort as typeof down) : down;
    },
    optimizer: sgd({ learningRate: 1 }),
    programs: { twice: program({ x: vector(width) }, ({ x }) => multiply(add(x, x), second)) },
  });
}

/** Laws on definitions of somebody else's: sound ones pass, and each kind of mistake breaks the law that speaks of it. */
import { describe, expect, test } from 'vitest';
import { lawsOf } from '../../laws/index.ts';
import { defineHookKind } from '../../runtime/index.ts';
import {
  add,
  defineInitializer,
  defineLayer,
  defineMetric,
  defineOptimizer,
  matmul,
  mean,
  metric,
  multiply,
  param,
  sigmoid,
  sqrt,
  state,
  subtract,
  sum,
  uniform,
  where,
} from '../../stdlib/index.ts';
import {
  defineOp,
  float,
  foldedAxes,
  folding,
  integers,
  none,
  option,
  random,
  reals,
  reducing,
  training,
  update,
} from '../../stdlib/op.ts';

/** The names of the laws that do not hold. */
async function broken(definition: Parameters<typeof lawsOf>[0]): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of lawsOf(definition)) {
    try {
      await run();
    } catch {
      names.push(name);
    }
  }
  return names;
}

const examples = [{ of: [], on: [[4]] }] as const;

describe('layers', () => {
  test('one with state, noise and options is sound', async () => {
    const gated = defineLayer(
      'gated',
      (units: number, { rate = 0.5 }: { readonly rate?: number } = {}) => ({
        build: (x) => ({
          w: param([x.shape.at(-1) as number, units], { initializer: uniform() }),
          seen: state([]),
        }),
        call: ({ w, seen }, x) => {
          const gate = sigmoid(matmul(x, w));
          const noisy = where(random.bernoulli(gate.shape, { probability: rate }), 0, gate);
          return update(where(training, noisy, gate), seen, add(seen, 1));
        },
      }),
      {
        examples: [
          { of: [3], on: [[4]] },
          { of: [2, { rate: 0.1 }], on: [[5, 4]] },
        ],
      },
    );
    expect(await broken(gated)).toEqual([]);
  });

  test.each([
    ['has examples', () => defineLayer('bare', () => ({ call: (_, x) => x }))],
    [
      'example 1 keeps rows apart',
      () => defineLayer('mixing', () => ({ call: (_, x) => subtract(x, mean(x)) }), { examples }),
    ],
    [
      'example 1 mixes rows while training, as it says',
      () => defineLayer('apart', () => ({ call: (_, x) => multiply(x, 2) }), { examples, rowwise: false }),
    ],
    [
      'example 1 shares its parameters when it is called twice',
      () =>
        defineLayer(
          'forgetful',
          () => ({ call: (_, x) => multiply(x, param([4], { initializer: uniform() })) }),
          {
            examples,
          },
        ),
    ],
    [
      'example 1 can be frozen, all of it',
      () => {
        const stray = param([4], { initializer: uniform() });
        return defineLayer('stray', () => ({ call: (_, x) => multiply(x, stray) }), { examples });
      },
    ],
  ])('%s', async (law, make) => {
    expect(await broken(make())).toContain(law);
  });
});

describe('optimizers', () => {
  test.each([
    [
      'example 1 goes downhill',
      () =>
        defineOptimizer(
          'uphill',
          () => ({
            learningRate: 0.1,
            slots: () => ({}),
            update: ({ parameter, gradient, learningRate }) => ({
              parameter: add(parameter, multiply(gradient, learningRate)),
              slots: {},
            }),
          }),
          { examples: [[]] },
        ),
    ],
    [
      'example 1 updates each element by itself',
      () =>
        defineOptimizer(
          'normed',
          () => ({
            learningRate: 0.05,
            slots: () => ({}),
            update: ({ parameter, gradient, learningRate }) => ({
              parameter: subtract(parameter, multiply(multiply(gradient, sum(gradient)), learningRate)),
              slots: {},
            }),
          }),
          { examples: [[]] },
        ),
    ],
    [
      'example 1 leaves no denormal numbers behind',
      () =>
        defineOptimizer(
          'fading',
          () => ({
            learningRate: 0.05,
            slots: (parameter) => ({ average: multiply(parameter, 0) }),
            update: ({ parameter, gradient, slots, learningRate }) => {
              const average = add(multiply(slots.average, 0.5), gradient);
              return { parameter: subtract(parameter, multiply(average, learningRate)), slots: { average } };
            },
          }),
          { examples: [[]] },
        ),
    ],
  ])('%s', async (law, make) => {
    expect(await broken(make())).toContain(law);
  });
});

test('initializers: moments', async () => {
  const wrong = defineInitializer('wrong', () => uniform({ min: 0, max: 1 }), {
    examples: [{ of: [], mean: 0, variance: 1 / 12 }],
  });
  expect(await broken(wrong)).toEqual(['example 1 has the moments it claims']);
});

test('metrics: batches', async () => {
  const wrong = defineMetric(
    'wrong',
    (yTrue, yPred) => metric({ root: sqrt(sum(multiply(yTrue, yPred))) }, ({ root }) => root),
    {
      domain: { yTrue: integers({ min: 0, max: 1 }), yPred: reals({ min: 0, max: 1 }) },
      examples: [{ rows: [[1], [1]], gives: 1 }],
    },
  );
  expect(await broken(wrong)).not.toEqual([]);
});

test('hooks: state in place', async () => {
  const counting = defineHookKind(
    'counting',
    () => ({
      initialState: { seen: 0 },
      on: (given) => {
        given.seen++;
        return undefined;
      },
    }),
    { examples: [[]] },
  );
  expect(await broken(counting)).toEqual(['example 1 keeps plain state']);
});

describe('ops', () => {
  interface Said {
    readonly axes?: typeof foldedAxes;
    readonly fold?: 'add';
  }
  const total = (facts: Said) =>
    defineOp({
      name: 'total',
      kind: 'reduce',
      inputs: { x: float },
      options: { axis: option.axes(null), keepDims: option.flag(false) },
      type: reducing,
      evaluate: folding(0, (sum, x) => sum + x),
      gradient: none('it is a sum for specs'),
      examples: [[[[1, 2, 3]], 6]],
      ...facts,
    });
  const says = expect.stringMatching(/says what passes need$/);

  test('a reduction that says all is sound', async () => {
    const told = { axes: foldedAxes, fold: 'add' } as const;
    expect(await broken(total(told))).toEqual([]);
  });

  test.each<[string, Said]>([
    ['no axes', { fold: 'add' }],
    ['no fold', { axes: foldedAxes }],
    ['axes that are not folded', { fold: 'add', axes: () => [] }],
  ])('a reduction with %s', async (_, facts) => {
    expect(await broken(total(facts))).toEqual([says]);
  });

  test('a move that does not say where', async () => {
    const reversed = defineOp({
      name: 'reversed',
      kind: 'move',
      inputs: { x: float },
      type: ({ x }) => x,
      evaluate: ({ x }) => ({ ...x, data: x.data.slice().reverse() }),
      gradient: none('it moves for specs'),
      examples: [[[[1, 2]], [2, 1]]],
    });
    expect(await broken(reversed)).toEqual([says]);
  });
});

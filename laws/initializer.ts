/** What every initializer promises: the shape asked for, the moments it claims, and numbers that depend on the seed alone. */
import { nodeOf } from '../compiler/ir/node.ts';
import { nodesUnder } from '../compiler/ir/walk.ts';
import type { InitializerExample, InitializerFacts } from '../compiler/op/define/define-initializer.ts';
import type { Initializer } from '../compiler/op/leaf.ts';
import { evaluate } from '../runtime/engines/reference/evaluate.ts';
import type { LawTest } from './law-test.ts';
import { alike, hasExamples, holds } from './law-test.ts';
import { lawsOfOptions } from './options.ts';
import { ofRun } from './sample.ts';

const drawn = (initializer: Initializer, shape: readonly number[], seed = 11): Float64Array =>
  evaluate([nodeOf(initializer(shape))], ofRun(seed, false))[0]!.data;

function fits(initializer: Initializer): void {
  for (const shape of [[], [1], [7], [3, 5], [2, 3, 4]]) {
    const node = nodeOf(initializer(shape));
    holds(`${node.shape}` === `${shape}`, `for [${shape}] it gives [${node.shape}]`);
    holds(node.dtype === 'float32', `it gives ${node.dtype}`);
    holds(drawn(initializer, shape).every(Number.isFinite), `for [${shape}] it gives what is not finite`);
  }
}

const average = (xs: Float64Array, f: (x: number) => number): number =>
  xs.reduce((total, x) => total + f(x), 0) / xs.length;

function hasItsMoments(initializer: Initializer, example: InitializerExample): void {
  const { shape = [100, 200], mean, variance, reach = Number.POSITIVE_INFINITY } = example;
  const xs = drawn(initializer, shape);
  const far = xs.reduce((most, x) => Math.max(most, Math.abs(x - mean)), 0);
  holds(far <= reach * (1 + 1e-6), `a value lies ${far} from the mean, beyond ${reach}`);
  const middle = average(xs, (x) => x);
  const off = 5 * Math.sqrt(variance / xs.length) + 1e-9;
  holds(Math.abs(middle - mean) <= off, `the mean is ${middle}, not ${mean}`);
  const spread = average(xs, (x) => (x - mean) ** 2);
  // Five standard errors for a kurtosis of 3, that of a normal distribution.
  const error = variance * 5 * Math.sqrt(2 / xs.length) + 1e-15;
  holds(Math.abs(spread - variance) <= error, `the variance is ${spread}, not ${variance}`);
}

function followsTheSeed(initializer: Initializer): void {
  const [one, same, other] = [5, 5, 6].map((seed) => drawn(initializer, [20], seed));
  alike(one!, same!, 'values of one seed');
  if (isRandom(initializer)) holds(`${one}` !== `${other}`, 'another seed gives the same values');
}

const isRandom = (initializer: Initializer): boolean =>
  nodesUnder([nodeOf(initializer([20]))], ({ inputs, body }) => [...inputs, ...(body ? [body] : [])]).some(
    ({ card }) => card.kind === 'random',
  );

/** Two parameters take numbers of their own: each call makes a random op, which the compiler gives a stream. */
function isDrawnAfresh(initializer: Initializer): void {
  if (!isRandom(initializer)) return;
  const [one, other] = [nodeOf(initializer([20])), nodeOf(initializer([20]))];
  const random = (root: typeof one) =>
    nodesUnder([root], ({ inputs, body }) => [...inputs, ...(body ? [body] : [])]).filter(
      ({ card }) => card.kind === 'random',
    );
  const shared = random(one).filter((node) => random(other).includes(node));
  holds(shared.length === 0, 'two parameters share their random numbers');
}

/** The laws of one kind of initializer, for each of its examples. */
export function lawsOfInitializer(facts: InitializerFacts): LawTest[] {
  const perExample = facts.examples.flatMap((example, i) => {
    const named = (name: string, run: (initializer: Initializer) => void): LawTest => ({
      name: `example ${i + 1} ${name}`,
      run: () => run(facts.make(example.of)),
    });
    return [
      named('gives float32 of the shape asked for', fits),
      named('has the moments it claims', (initializer) => hasItsMoments(initializer, example)),
      named('follows the seed', followsTheSeed),
      named('gives each parameter numbers of its own', isDrawnAfresh),
    ];
  });
  const [first] = facts.examples;
  return [hasExamples(facts), ...(first ? lawsOfOptions(facts, first.of) : []), ...perExample];
}

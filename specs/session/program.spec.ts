/** The first program of the low level: a line by gradient descent, held to the same descent in plain JavaScript. */
import { expect, test } from 'vitest';
import * as s from '../../runtime/faces/session/index.ts';
import { RunMetadata } from '../../runtime/faces/session/index.ts';
import { add, multiply, square, subtract } from '../../stdlib/index.ts';

/** Points that look random and are the same each time. */
const pointsOf = (step: number): Float32Array =>
  Float32Array.from(
    { length: 100 },
    (_, i) => Math.abs(Math.sin(1 + 12.9898 * i + 78.233 * step) * 43758.5453) % 1,
  );

function line() {
  const W = s.variable(0.3, { name: 'W' });
  const b = s.variable(-0.3, { name: 'b' });
  const x = s.placeholder('float32', ['B'], { name: 'x' });
  const y = s.placeholder('float32', ['B'], { name: 'y' });
  const out = add(multiply(W, x), b);
  const loss = s.reduceSum(square(subtract(out, y)));
  return { W, b, x, y, out, loss, train: s.gradientDescentOptimizer(0.001).minimize(loss) };
}

const heights = (points: Float32Array): Float32Array => points.map((point) => 3 * point + 2);

test.each(['wasm', 'reference'] as const)(
  'a thousand steps on %s find the line, as plain arithmetic does',
  async (engine) => {
    const { W, b, x, y, loss, train } = line();
    const session = new s.Session({ engine });
    await session.run(s.globalVariablesInitializer());
    let [w, c] = [0.3, -0.3];
    const steps = engine === 'wasm' ? 1000 : 100;
    for (let step = 0; step < steps; step++) {
      const points = pointsOf(step);
      const wanted = heights(points);
      const { loss: found } = await session.run({ train, loss }, [
        [x, points],
        [y, wanted],
      ]);
      let [error, byW, byC] = [0, 0, 0];
      for (const [i, point] of points.entries()) {
        const gap = w * point + c - wanted[i]!;
        error += gap * gap;
        byW += 2 * gap * point;
        byC += 2 * gap;
      }
      expect(Math.abs(found - error)).toBeLessThanOrEqual(1e-3 * error + 1e-5);
      w -= 0.001 * byW;
      c -= 0.001 * byC;
    }
    const [slope, offset] = await session.run([W, b]);
    expect(slope).toBeCloseTo(w, 4);
    expect(offset).toBeCloseTo(c, 4);
    if (engine === 'wasm')
      expect([slope, offset].map((value) => Math.round(value * 100) / 100)).toEqual([3, 2]);
    // One for the initialisation, one for the step, one for the variables.
    expect(session.stats.runs).toBe(steps + 2);
    expect(session.stats.compilations).toBeLessThanOrEqual(3);
    await session.close();
  },
);

test('a callable is kept for each combination of fetches, feeds and shapes', async () => {
  const { x, y, loss } = line();
  const session = new s.Session();
  await session.run(s.globalVariablesInitializer());
  const before = session.stats.compilations;
  const ask = (count: number) => {
    const points = pointsOf(count).slice(0, count);
    return session.run(loss, [
      [x, points],
      [y, heights(points)],
    ]);
  };
  for (const count of [3, 5, 3, 5, 3]) await ask(count);
  expect(session.stats.compilations - before).toBe(2);
  await session.close();
});

test('an intermediate tensor that is fed has that value, for gradients too', async () => {
  const { W, x, y, out, loss } = line();
  const session = new s.Session();
  await session.run(s.globalVariablesInitializer());
  const fed = [
    [out, [1, 2]],
    [y, [0, 0]],
  ] as const;
  expect(await session.run(loss, fed)).toBe(5);
  const slope = s.gradients(loss, [out])[0]!;
  expect(await session.run(slope, fed)).toEqual([2, 4]);
  expect(await session.run(multiply(W, x), [[x, [10]]])).toEqual([Math.fround(Math.fround(0.3) * 10)]);
  await session.close();
});

test('what comes back has the form of the fetches, and its type', async () => {
  const { W, b, x, y, out, loss, train } = line();
  const session = new s.Session();
  await session.run(s.globalVariablesInitializer());
  const feeds = new Map<object, readonly number[]>([
    [x, [1, 2]],
    [y, [5, 8]],
  ]) as never;
  const value: number = await session.run(loss, feeds);
  const { list, nested }: { list: readonly number[]; nested: { readonly pair: readonly [number, number] } } =
    await session.run({ list: out, nested: { pair: [W, b] } } as const, [[x, [1, 2]]]);
  expect(value).toBeGreaterThan(0);
  expect(list).toHaveLength(2);
  expect(nested.pair).toEqual([Math.fround(0.3), Math.fround(-0.3)]);
  const metadata = new RunMetadata();
  await session.run({ train, loss }, feeds, { metadata });
  expect(metadata.kernels!.length).toBeGreaterThan(0);
  expect(metadata.microseconds).toBeCloseTo(
    metadata.kernels!.reduce((sum, { microseconds }) => sum + microseconds, 0),
    6,
  );
  expect(metadata.bytes).toBeGreaterThan(0);
  await session.close();
});

test('sessions have values of their own; graphs that share a variable share its value', async () => {
  const { W, b, x, out } = line();
  const twice = multiply(W, 2);
  const [one, other] = [new s.Session(), new s.Session()];
  for (const session of [one, other]) await session.run(s.globalVariablesInitializer());
  await one.run(s.assign(W, 5));
  expect(await one.run([W, twice, b])).toEqual([5, 10, Math.fround(-0.3)]);
  expect(await one.run(out, [[x, [1]]])).toEqual([Math.fround(5 + Math.fround(-0.3))]);
  expect(await other.run(W)).toBe(Math.fround(0.3));
  s.setSession(one);
  expect(s.getSession()).toBe(one);
  for (const session of [one, other]) await session.close();
});

test('no run is made from the tick on in which the session is closed', async () => {
  const { W } = line();
  const session = new s.Session();
  await session.run(s.globalVariablesInitializer());
  await session.run(W);
  const closed = session.close();
  await expect(session.run(W)).rejects.toMatchObject({ diagnostics: [{ code: 'SES908' }] });
  await closed;
});

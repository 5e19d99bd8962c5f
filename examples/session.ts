/** A line found by hand: variables, placeholders and one operation that trains, run a thousand times in a session. */
import { add, multiply, square, subtract } from 'millrace';
import {
  globalVariablesInitializer,
  gradientDescentOptimizer,
  placeholder,
  reduceSum,
  Session,
  variable,
} from 'millrace/session';

const W = variable(0.3);
const b = variable(-0.3);
const x = placeholder('float32', ['B']);
const y = placeholder('float32', ['B']);
const out = add(multiply(W, x), b);
const loss = reduceSum(square(subtract(out, y)));
const train = gradientDescentOptimizer(0.001).minimize(loss);

/** The points lie on y = 3x + 2. */
const session = new Session();
await session.run(globalVariablesInitializer());
for (let step = 0; step < 1000; step++) {
  const points = Float32Array.from({ length: 100 }, () => Math.random());
  const heights = points.map((point) => 3 * point + 2);
  const ran = await session.run({ train, loss }, [
    [x, points],
    [y, heights],
  ]);
  console.log(step, ran.loss);
}
const [slope, offset] = await session.run([W, b]);
console.log(`y = ${slope.toFixed(3)}·x + ${offset.toFixed(3)}`);
await session.close();

/** The files that the command line is tried on. */

const line = (name: string, data: string): string => `
export const ${name} = pipeline({
  data: ${data},
  model: ({ x }) => add(multiply(slope, x), intercept),
  loss: (predicted, { y }) => meanSquaredError(y, predicted),
  metrics: { error: (predicted, { y }) => meanAbsoluteError(y, predicted) },
  optimizer: sgd({ learningRate: 0.1 }),
});
`;

const head = (more: string): string => `
import { add, ${more}float, meanAbsoluteError, meanSquaredError, multiply, param, pipeline, sgd } from 'millrace';
const schema = { x: float, y: float };
const [slope, intercept] = [param([]), param([])];
`;

export const files: Readonly<Record<string, string>> = {
  'points.csv': `x,y\n${Array.from({ length: 20 }, (_, i) => `${i / 10 - 1},${(3 * i) / 10 - 3.5}`).join('\n')}\n`,
  'line.ts': `${head('csv, ')}const points = csv(new URL('./points.csv', import.meta.url), schema);${line('line', 'points.batch(5)')}`,
  'two.ts': `${head('csv, ')}const points = csv('points.csv', schema);${line('first', 'points.batch(5)')}${line('second', 'points.batch(4)')}`,
  'none.ts': 'export const nothing = 3;\n',
  'broken.csv': 'x,y\n1,2\n3,four\n',
  'broken.ts': `${head('csv, ')}${line('line', "csv(new URL('./broken.csv', import.meta.url), schema).batch(5)")}`,
  'wrong.ts': `import { arrays, float, matmul, meanSquaredError, param, pipeline, sgd, stack } from 'millrace';

const rows = arrays({ a: float, b: float }, { a: [1], b: [2] });
const weights = param([3, 1]);
export const wrong = pipeline({
  data: rows.batch(1),
  model: ({ a, b }) => matmul(stack([a, b]), weights),
  loss: (y, { a }) => meanSquaredError(a, y),
  optimizer: sgd(),
});
export const other = sgd({ learningRat: 0.1 });
`,
  'readings.ts': `
export interface Reading { readonly x: number; readonly y: number }
export async function* readings(count: number): AsyncGenerator<Reading> {
  for (let i = 0; i < count; i++) {
    if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 1));
    yield { x: (i % 20) / 10 - 1, y: (3 * (i % 20)) / 10 - 3.5 };
  }
}
`,
  'live.ts': `${head('from, ')}
import { writeFileSync } from 'node:fs';
import { train } from 'millrace/runtime';
import { readings } from './readings.ts';
const source = () => readings(Number(process.env.COUNT ?? Number.POSITIVE_INFINITY));
${line('live', 'from(schema, source).batch(10)')}
const run = train(live, { epochs: 1 });
run.events$.subscribe(() => writeFileSync('trained-by-itself.txt', ''));
const { model } = await run.finished;
setInterval(() => {}, 1000);
`,
};

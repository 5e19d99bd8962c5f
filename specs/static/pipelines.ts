/** Generates TypeScript programs that build pipelines by helpers, loops, spreads, destructuring and closures. */
import type { Draw } from './draw.ts';

/** Ops of one tensor that keep its shape. */
const maps = ['relu', 'tanh', 'abs', 'square', 'neg', 'exp', 'sigmoid'];
/** Ops of two tensors of one shape. */
const zips = ['add', 'subtract', 'multiply', 'maximum', 'minimum'];

const vocabulary = [
  ...maps,
  ...zips,
  ...[
    'adam',
    'arrays',
    'dense',
    'float',
    'int',
    'matmul',
    'mean',
    'meanSquaredError',
    'param',
    'pipeline',
    'sequential',
  ],
  ...[
    'sgd',
    'softmax',
    'sparseCategoricalAccuracy',
    'sparseCategoricalCrossentropy',
    'stack',
    'where',
    'less',
  ],
];

/** A module that exports the pipelines of several programs as `p0`, `p1` and so on. */
export function moduleOf(bodies: readonly string[]): string {
  const programs = bodies.map((body, i) => `export const p${i} = (() => {\n${body}\n})();`);
  return [`import { type Tensor, ${vocabulary.join(', ')} } from 'millrace';`, ...programs].join('\n\n');
}

/** The body of a function that gives a pipeline. */
export function pipelineProgram(draw: Draw): string {
  const columns = Array.from({ length: draw.whole(1, 4) }, (_, i) => `c${i}`);
  const classes = draw.whole(2, 4);
  const [make, taken] = layers(draw);
  const zeros = `[0, 0, 0, 0]`;
  return [
    `const names = [${columns.map((name) => `'${name}'`).join(', ')}] as const;`,
    `const schema = { ${columns.map((name) => `${name}: float`).join(', ')}, label: int };`,
    `const rows = arrays(schema, { ${columns.map((name) => `${name}: ${zeros}`).join(', ')}, label: ${zeros} });`,
    `const settings = { rate: ${draw.pick(['0.1', '1 / 8', '10 ** -2'])}, ...(${draw.chance(2)} ? { width: ${draw.whole(1, 5)} } : { width: 2 + ${draw.whole(0, 3)} }) };`,
    `const { width, ...others } = settings;`,
    ...make,
    `const classify = ${draw.pick([`dense(${classes})`, `sequential(dense(width, { activation: relu }), dense(${classes}))`])};`,
    `const scale = param([]${draw.pick(['', ", { name: 'scale' }"])});`,
    `function blend(x: Tensor, times = ${draw.whole(0, 3)}): Tensor {`,
    `  let y = x;`,
    `  for (let i = 0; i < times; i++) y = i % 2 === 0 ? ${draw.pick(maps)}(y) : ${draw.pick(zips)}(y, x);`,
    `  return y;`,
    `}`,
    `return pipeline({`,
    `  data: rows.batch(${draw.whole(1, 8)}),`,
    `  model: ({ ${columns.join(', ')} }) => {`,
    `    const features = stack([${columns.join(', ')}]);`,
    ...body(draw, taken).map((line) => `    ${line}`),
    `  },`,
    `  loss: (logits, { label }) => sparseCategoricalCrossentropy(label, logits, { fromLogits: true }),`,
    draw.chance(2)
      ? `  metrics: { accuracy: (logits, { label }) => sparseCategoricalAccuracy(label, logits) },`
      : `  metrics: Object.fromEntries(['first', 'second'].map((name, i) => [name, (logits: Tensor) => mean(multiply(logits, i + 1), { axis: -1 })])),`,
    `  optimizer: ${draw.pick(['sgd({ learningRate: others.rate })', 'adam({ learningRate: settings.rate })', 'adam()'])},`,
    `});`,
  ].join('\n');
}

/** Declarations of layers, and the name of what the model may call with the features. */
function layers(draw: Draw): [lines: string[], names: string[]] {
  const activation = draw.pick(maps);
  switch (draw.whole(0, 4)) {
    case 0:
      return [
        [
          `const hidden = Array.from({ length: ${draw.whole(1, 3)} }, (_, i) => dense(width + i, { activation: ${activation} }));`,
          `const body = sequential(...hidden);`,
        ],
        ['body'],
      ];
    case 1:
      return [
        [
          `const tower: ReturnType<typeof dense>[] = [];`,
          `for (const size of [${draw.whole(1, 4)}, ${draw.whole(1, 4)}].map((n) => n * 2)) tower.push(dense(size));`,
          `const [first, ...rest] = tower;`,
          `const body = sequential(first!, ...rest);`,
        ],
        ['body'],
      ];
    case 2:
      return [
        [
          `const make = (units: number, { twice = false } = {}) => {`,
          `  const layer = dense(units, { activation: ${activation} });`,
          `  return (x: Tensor) => (twice ? ${draw.pick(zips)}(layer(x), layer(x)) : layer(x));`,
          `};`,
          `const body = make(width, { twice: ${draw.chance(2)} });`,
        ],
        ['body'],
      ];
    case 3:
      return [
        [
          `const kernel = param([${draw.pick(['names.length', 'schema ? names.length : 0'])}, width]${draw.pick(['', ", { name: 'weights' }"])});`,
          `const body = (x: Tensor) => ${activation}(matmul(x, kernel));`,
        ],
        ['body'],
      ];
    default:
      return [
        [
          `const shared = dense(width);`,
          `const ways = { plain: shared, bent: (x: Tensor) => ${activation}(shared(x)) };`,
          `const { bent, plain: body } = ways;`,
        ],
        ['body', 'bent'],
      ];
  }
}

function body(draw: Draw, layers: readonly string[]): string[] {
  const lines = layers.map(
    (name, i) => `const h${i} = blend(${name}(features)${draw.chance(2) ? `, ${draw.whole(0, 2)}` : ''});`,
  );
  const joined = layers.length === 2 ? `${draw.pick(zips)}(h0, h1)` : 'h0';
  const gated = draw.chance(2) ? `where(less(${joined}, 0), multiply(scale, ${joined}), ${joined})` : joined;
  return [
    ...lines,
    `const joined = ${gated};`,
    `return ${draw.chance(3) ? 'softmax(classify(joined))' : 'classify(joined)'};`,
  ];
}

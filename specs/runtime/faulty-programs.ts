/** Programs as text in which one line, wherever it stands among others, makes what is not finite in one row. */
import type { Draw } from '../static/draw.ts';

export interface FaultyProgram {
  /** The lines of the pipeline's declaration. */
  readonly lines: readonly string[];
  /** Which of them goes wrong, from 0, and where in it the call stands, from column 1. */
  readonly line: number;
  readonly column: number;
  /** What the card of the op is called, and what it receives. */
  readonly op: string;
  readonly received: readonly number[];
}

/** The struck row has `t` = 0; all others have it at 1. */
const calls = [
  { call: 'log(t)', op: 'log', received: [0] },
  { call: 'divide(t, t)', op: 'divide', received: [0, 0] },
  { call: 'divide(2, t)', op: 'divide', received: [2, 0] },
  { call: 'sqrt(subtract(t, 0.5))', op: 'sqrt', received: [-0.5] },
  { call: 'exp(subtract(1000, multiply(t, 2000)))', op: 'exp', received: [1000] },
  { call: 'log10(t)', op: 'log', received: [0] },
  { call: 'reciprocal(t)', op: 'divide', received: [1, 0] },
  { call: 'rsqrt(t)', op: 'divide', received: [1, 0] },
] as const;

/** What may come before the fault, and what may follow it without making it finite again. */
const before = [
  'tanh($)',
  'sigmoid($)',
  'dense(3)($)',
  'relu($)',
  'softmax($)',
  'where(greater($, 0), $, 0)',
];
const anywhere = [
  'multiply($, 0.5)',
  'add($, 0.25)',
  'subtract(1, $)',
  'add($, multiply(x, 0.125))',
  'reverse($, { axis: 1 })',
];

/** The names that programs are written with. */
export const names =
  'add arrays dense divide exp float greater log log10 mean meanSquaredError multiply pipeline reciprocal relu reshape reverse rsqrt sequential sgd sigmoid softmax sqrt subtract tanh vector where'.split(
    ' ',
  );

/** `name` is what the pipeline is called. */
export function faultyProgram(name: string, draw: Draw): FaultyProgram {
  const { call, op, received } = draw.pick(calls);
  const steps = draw.whole(1, 6);
  const struck = draw.whole(0, steps);
  const body: string[] = [];
  let line = 0;
  let value = 'x';
  const next = (text: string): void => {
    body.push(`    const v${body.length} = ${text.replaceAll('$', value)};`);
    value = `v${body.length - 1}`;
  };
  const lead = ['export const ', `${name} = pipeline({`];
  for (let i = 0; i <= steps; i++) {
    if (i === struck) {
      line = body.length;
      next(`add($, ${call})`);
    } else {
      next(draw.pick(i < struck ? [...before, ...anywhere] : anywhere));
    }
  }
  const lines = [
    lead.join(''),
    '  data,',
    '  model: ({ x, size }) => {',
    "    const t = reshape(size, ['B', 1]);",
    ...body,
    `    return dense(1)(${value});`,
    '  },',
    '  loss: (out, { y }) => meanSquaredError(y, out),',
    '  optimizer: sgd(),',
    '});',
  ];
  const at = line + 4;
  return { lines, line: at, column: (lines[at]?.indexOf(call) ?? 0) + 1, op, received };
}

/** What stands above the pipelines of a module. */
export const header = [
  `import { ${names.join(', ')} } from 'millrace';`,
  'const schema = { x: vector(3), size: float, y: vector(1) };',
  'const data = arrays(schema, { x: [[0, 0, 0]], size: [1], y: [[0]] }).batch(5);',
];

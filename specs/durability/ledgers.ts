/**
 * Programs whose model is a ledger: the gradient of the loss is exactly −1 for `w[id]` of each row, so that with a learning rate
 * of 1 every entry counts how often its row was trained on, whatever happened on the way.
 */

export interface Ledger {
  /** Statements before the dataset. */
  readonly before?: string;
  /** An expression: a dataset of `{ id }`. */
  readonly data: string;
  /** Names of `millrace` that it uses. */
  readonly uses: readonly string[];
  /** How many entries there are. */
  readonly entries: number;
  readonly options: { readonly epochs: number } | { readonly steps: number };
  /** A checkpoint every so many steps. */
  readonly every: number;
  /** Files that are there from the beginning. */
  readonly files?: Readonly<Record<string, string>>;
  /** A file to which rows are appended while the run goes on, by another process. */
  readonly grows?: string;
  /** How often an entry is to be counted. */
  readonly counts: (id: number) => number;
}

const ids = (entries: number): number[] => Array.from({ length: entries }, (_, id) => id);
const jsonLines = (entries: number): string =>
  ids(entries)
    .map((id) => `{"id":${id}}\n`)
    .join('');
const csv = (entries: number): string => `id\n${ids(entries).join('\n')}\n`;

/** Reading a file takes no time: here it does. */
const slowly = `.map(schema, async (row) => {
  if (row.id % 6 === 0) await setTimeout(8);
  return row;
})`;

const generator = (entries: number): string => `from(schema, async function* () {
  for (let id = 0; id < ${entries}; id++) {
    if (id % 6 === 0) await setTimeout(8);
    yield { id };
  }
})`;

export const ledgers: Readonly<Record<string, Ledger>> = {
  generator: {
    data: generator(240),
    uses: ['from'],
    entries: 240,
    options: { epochs: 2 },
    every: 5,
    counts: () => 2,
  },
  /** As a broker: what was acknowledged is forgotten, and nobody can ask for it again. */
  acknowledging: {
    before: `
const acknowledged = () => (existsSync('acknowledged') ? readFileSync('acknowledged', 'utf8').trim().split('\\n').map(Number) : []);`,
    data: `from(schema, {
  async *open(position) {
    const first = Number(position ?? 0);
    if (first < Math.max(0, ...acknowledged())) throw new Error('the rows after ' + first + ' were acknowledged, and are gone');
    for (let id = first; id < 420; id++) {
      if (id % 6 === 0) await setTimeout(8);
      yield { row: { id }, position: id + 1 };
    }
  },
  acknowledge(position) {
    // Loops: where Node's types are not installed, the parameters of callbacks would have none.
    const steps = [0];
    for (const name of readdirSync('checkpoints')) steps.push(Number(/^checkpoint-(\\d+)[.]json$/.exec(name)?.[1] ?? 0));
    // Of six rows a step, and of one that may have been read ahead.
    if (Number(position) > 6 * Math.max(...steps) + 1) appendFileSync('early', position + '\\n');
    appendFileSync('acknowledged', position + '\\n');
  },
})`,
    uses: ['from'],
    entries: 420,
    options: { epochs: 1 },
    every: 5,
    counts: () => 1,
  },
  jsonLines: {
    data: `jsonLines(new URL('./rows.jsonl', import.meta.url), schema)${slowly}`,
    uses: ['jsonLines'],
    entries: 240,
    options: { epochs: 2 },
    every: 5,
    files: { 'rows.jsonl': jsonLines(240) },
    counts: () => 2,
  },
  csvStreamed: {
    data: `csv(new URL('./rows.csv', import.meta.url), schema, { stream: true })${slowly}`,
    uses: ['csv'],
    entries: 240,
    options: { epochs: 2 },
    every: 5,
    files: { 'rows.csv': csv(240) },
    counts: () => 2,
  },
  csvInMemory: {
    data: `csv(new URL('./rows.csv', import.meta.url), schema).shuffle()`,
    uses: ['csv'],
    entries: 240,
    options: { epochs: 100 },
    every: 50,
    files: { 'rows.csv': csv(240) },
    counts: () => 100,
  },
  tail: {
    data: `tail(new URL('./rows.jsonl', import.meta.url), schema)`,
    uses: ['tail'],
    entries: 900,
    options: { steps: 150 },
    every: 5,
    grows: 'rows.jsonl',
    counts: () => 1,
  },
  stages: {
    data: `${generator(300)}
  .shuffle({ buffer: 16 })
  .filter(({ id }) => id % 5 !== 0)
  .map(
    schema,
    async (row) => {
      if (row.id % 3 === 0) await setTimeout(1);
      return row;
    },
    { concurrency: 3 },
  )
  .window({ ids: vector(4) }, 4, (rows) => ({ ids: rows.map(({ id }) => id) }))
  .flatMap(schema, ({ ids }) => Array.from(ids, (id) => ({ id })))`,
    uses: ['from', 'vector'],
    entries: 300,
    options: { epochs: 2 },
    every: 3,
    counts: (id) => (id % 5 === 0 ? 0 : 2),
  },
  /** Whoever pushes looks in the spool for what has arrived there. */
  spool: {
    before: `
const firstNew = () => {
  let next = 0;
  for (const name of existsSync('spool') ? readdirSync('spool').sort() : []) {
    for (const line of name.endsWith('.jsonl') ? readFileSync('spool/' + name, 'utf8').trim().split('\\n') : [])
      if (line !== '') next = JSON.parse(line).row.id + 1;
  }
  return next;
};`,
    data: `from(
  schema,
  () => ({
    subscribe(observer) {
      let id = firstNew();
      const timer = setInterval(() => {
        for (let pushed = 0; pushed < 9 && id < 900; pushed++) observer.next({ id: id++ });
        if (id < 900) return;
        clearInterval(timer);
        observer.complete();
      }, 8);
      return { unsubscribe: () => clearInterval(timer) };
    },
  }),
  { overflow: spool(new URL('./spool', import.meta.url), { bytes: 32_768 }) },
)`,
    uses: ['from', 'spool'],
    entries: 900,
    options: { epochs: 1 },
    every: 5,
    counts: () => 1,
  },
};

/** The program, for the command line; with other addresses of the package, for node. */
export function programText(
  { before = '', data, uses, entries }: Ledger,
  from: 'millrace' | `file:${string}` = 'millrace',
): string {
  return `
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { cast, constant, gather, int, multiply, param, pipeline, sgd, sum, ${uses.join(', ')} } from '${from}';
const schema = { id: int };
const w = param([${entries}], { initializer: constant(0), name: 'w' });
${before}
export const ledger = pipeline({
  data: ${data}.batch(6),
  model: ({ id }) => gather(w, id),
  loss: (counted) => multiply(-1, sum(counted)),
  metrics: { id: (_, { id }) => cast(id, 'float32') },
  optimizer: sgd({ learningRate: 1 }),
});
`;
}

/** Trains it as a user's script does, with a hook whose wishes are left over at checkpoints: \`node script.mjs\`. */
export function scriptText({ options, every }: Ledger, runtime: string): string {
  return `
import { writeSync } from 'node:fs';
import { checkpoint, defineHook, report, snapshot, train } from '${runtime}';
import { ledger } from './program.mjs';
const busy = defineHook({
  name: 'busy',
  initialState: { sum: 0 },
  events: ['batchFinished', 'checkpointSaved'],
  on(state, event) {
    if (event.type === 'checkpointSaved')
      return event.place === 'disk'
        ? undefined
        : { commands: [report({ type: 'driftDetected', detector: 'busy', monitor: 'loss', verdict: 'drift', value: state.sum })] };
    const commands = event.step % ${every} === 0 ? [snapshot('kept')] : [];
    return { state: { sum: state.sum + event.metrics.id }, commands };
  },
});
const run = train(ledger, {
  ...${JSON.stringify(options)},
  resume: true,
  ...(process.env.THREADS && { threads: Number(process.env.THREADS) }),
  hooks: [busy, checkpoint('checkpoints', { every: [${every}, 'steps'], keep: 2 })],
});
run.events$.subscribe((event) => writeSync(1, JSON.stringify(event) + '\\n'));
const { model } = await run.finished;
await model.save('model');
model.dispose();
`;
}

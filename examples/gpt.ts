/** Writes verse letter by letter: a small GPT, on ten sonnets of Shakespeare. */
import { readFileSync } from 'node:fs';
import type { Tensor } from 'millrace';
import {
  adam,
  add,
  arrays,
  dense,
  embedding,
  gelu,
  layerNormalization,
  mean,
  multiHeadAttention,
  pipeline,
  positionEmbedding,
  sequential,
  sparseCategoricalAccuracy,
  sparseCategoricalCrossentropy,
  tensor,
} from 'millrace';
import type { Model } from 'millrace/runtime';

const context = 64;
const width = 128;
/** The printable ASCII characters from the space on, and last the end of a line. */
const characters = 96;

const codeOf = (letter: string): number => (letter === '\n' ? 95 : letter.charCodeAt(0) - 32);
const letterOf = (code: number): string => (code === 95 ? '\n' : String.fromCharCode(code + 32));

const sonnets = readFileSync(new URL('./sonnets.txt', import.meta.url), 'utf8');
const codes = Int32Array.from(sonnets, codeOf);
/** Every stretch of `context` letters, and the same one letter later: what is to be foretold at each place. */
const starts = Array.from({ length: codes.length - context }, (_, start) => start);
const windows = arrays(
  { letters: tensor([context], 'int32'), next: tensor([context], 'int32') },
  {
    letters: starts.map((start) => codes.subarray(start, start + context)),
    next: starts.map((start) => codes.subarray(start + 1, start + 1 + context)),
  },
);

/** Attention, then two layers at each place; either reads a normalised x and adds to x what it finds. */
function block() {
  const attention = multiHeadAttention(4, width / 4);
  const attentionNorm = layerNormalization();
  const think = sequential(layerNormalization(), dense(4 * width, { activation: gelu }), dense(width));
  return (x: Tensor): Tensor => {
    const normal = attentionNorm(x);
    const seen = add(x, attention(normal, normal, { useCausalMask: true }));
    return add(seen, think(seen));
  };
}

const meaning = embedding(characters, width);
const place = positionEmbedding(context);
const read = sequential(block(), block(), layerNormalization(), dense(characters));

export const gpt = pipeline({
  data: windows.shuffle().batch(16),
  model: ({ letters }) => {
    const meanings = meaning(letters);
    return read(add(meanings, place(meanings)));
  },
  loss: (logits, { next }) =>
    mean(sparseCategoricalCrossentropy(next, logits, { fromLogits: true }), { axis: -1 }),
  metrics: {
    accuracy: (logits, { next }) => mean(sparseCategoricalAccuracy(next, logits), { axis: -1 }),
  },
  optimizer: adam({ learningRate: 0.001 }),
});

/** Goes on from `text`, always with the likeliest letter. */
export function goOn(model: Model, text: string, letters: number): string {
  let written = text;
  for (let i = 0; i < letters; i++) {
    const seen = written.slice(-context);
    // What stands behind the text cannot be seen from within it.
    const row = { letters: Array.from(seen.padEnd(context), codeOf) };
    const [logits] = model.predict([row]) as [number[][]];
    const scores = logits[seen.length - 1]!;
    written += letterOf(scores.indexOf(Math.max(...scores)));
  }
  return written;
}

/** Networks of these layers train alike on the default engine and on the one that interprets meanings. */
import { train } from 'millrace/runtime';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import {
  adam,
  add,
  arrays,
  batchNormalization,
  dense,
  embedding,
  float,
  gelu,
  groupNormalization,
  layerNormalization,
  mean,
  meanSquaredError,
  multiHeadAttention,
  pipeline,
  positionEmbedding,
  prelu,
  reshape,
  rmsNormalization,
  sequential,
  sinePositionEncoding,
  tensor,
} from '../../stdlib/index.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { tally } from '../support/tally.ts';

const count = tally('layers on two engines', { losses: 30 });
const random = randomNumbers(5);
const numbers = (size: number): Float32Array => Float32Array.from({ length: size }, () => random() * 2 - 1);

// 14 rows in batches of 4: the last batch is smaller.
const data = arrays(
  { x: tensor([6, 8]), words: tensor([6], 'int32'), y: float },
  {
    x: numbers(14 * 48),
    words: Int32Array.from({ length: 14 * 6 }, () => Math.floor(random() * 9)),
    y: numbers(14),
  },
).batch(4);

interface Columns {
  readonly x: Tensor;
  readonly words: Tensor<readonly ['B', 6], 'int32'>;
}

const attend = (options: { useCausalMask: boolean }, given = {}) => {
  const layer = multiHeadAttention(2, 4, given);
  return (x: Tensor): Tensor => add(x, layer(x, x, options));
};

/** Each a fresh network, so that two runs do not share what is in them. */
const networks: Readonly<Record<string, () => (columns: Columns) => Tensor>> = {
  'a transformer block': () => {
    const read = sequential(
      layerNormalization(),
      attend({ useCausalMask: true }),
      layerNormalization(),
      dense(16, { activation: gelu }),
    );
    return ({ x }) => read(x);
  },
  'attention with dropout, to all places': () => {
    const read = sequential(
      rmsNormalization(),
      attend({ useCausalMask: false }, { dropout: 0.3, valueDim: 3 }),
    );
    return ({ x }) => read(x);
  },
  'attention to another sequence, without biases': () => {
    const cross = multiHeadAttention(2, 3, { useBias: false, outputShape: 5 });
    const word = embedding(9, 7);
    return ({ x, words }) => cross(x, word(words));
  },
  'embeddings with positions': () => {
    const word = embedding(9, 8);
    const place = positionEmbedding(10);
    return ({ words }) => {
      const meanings = word(words);
      return prelu()(add(add(meanings, place(meanings)), sinePositionEncoding(meanings)));
    };
  },
  'normalisation over batches, twice': () => {
    const read = sequential(dense(5), batchNormalization({ momentum: 0.7 }), dense(4), batchNormalization());
    return ({ x }) => read(x);
  },
  'normalisation over groups, on another axis': () => {
    const read = sequential(
      groupNormalization({ groups: 3, axis: 1 }),
      batchNormalization({ axis: 1 }),
      layerNormalization({ axis: [1, 2] }),
    );
    return ({ x }) => read(x);
  },
};

describe.each(Object.entries(networks))('%s', (_, network) => {
  async function lossesOn(engine: 'wasm' | 'reference'): Promise<number[]> {
    const model = network();
    const judge = dense(1);
    const run = train(
      pipeline({
        data,
        validation: data,
        model: (columns) => reshape(judge(mean(model(columns), { axis: 1 })), ['B']),
        loss: (predicted, { y }) => meanSquaredError(y, predicted),
        optimizer: adam({ learningRate: 0.01 }),
      }),
      { epochs: 2, seed: 11, engine },
    );
    const losses: number[] = [];
    run.events$.subscribe((event) => {
      if (event.type === 'batchFinished') losses.push(event.loss);
    });
    const { validation } = await run.finished;
    return [...losses, validation!.loss];
  }

  test('gives the same losses, step by step', async () => {
    const [fast, exact] = [await lossesOn('wasm'), await lossesOn('reference')];
    expect(fast).toHaveLength(9);
    fast.forEach((loss, step) => {
      expect(close(loss, exact[step]!, 2e-3, 1e-5), `step ${step}: ${loss} for ${exact[step]}`).toBe(true);
      count('losses');
    });
  });
});

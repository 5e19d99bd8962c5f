/** The tasks as pipelines: each kind of model, written as a user writes it. */

const models = {
  dense: ({ relu, dense, sequential }, { layers }) => {
    const widths = layers.slice(1);
    const model = sequential(
      ...widths.map((units, i) => dense(units, i < widths.length - 1 ? { activation: relu } : {})),
    );
    return ({ x }) => model(x);
  },
  convolution: ({ conv2d, dense, flatten, maxPooling2d, relu, sequential }) => {
    const model = sequential(
      conv2d(32, 3, { activation: relu }),
      maxPooling2d(2),
      conv2d(64, 3, { activation: relu }),
      maxPooling2d(2),
      flatten(),
      dense(10),
    );
    return ({ x }) => model(x);
  },
  wide: ({ add, concat, dense, embedding, relu, sequential }, { categories, buckets, width }) => {
    const tables = Array.from({ length: categories }, () => ({
      deep: embedding(buckets, width),
      wide: embedding(buckets, 1),
    }));
    const deep = sequential(dense(256, { activation: relu }), dense(128, { activation: relu }), dense(1));
    const wide = dense(1);
    return (row) => {
      const codes = tables.map((_, i) => row[`category${i}`]);
      const found = tables.map((table, i) => ({ deep: table.deep(codes[i]), wide: table.wide(codes[i]) }));
      const seen = deep(concat([...found.map((each) => each.deep), row.x], { axis: -1 }));
      return add(
        seen,
        found.reduce((sum, each) => add(sum, each.wide), wide(row.x)),
      );
    };
  },
  transformer: (language, { blocks, width, heads, context, characters }) => {
    const { add, dense, embedding, gelu, layerNormalization } = language;
    const { multiHeadAttention, positionEmbedding, sequential } = language;
    const block = () => {
      const attention = multiHeadAttention(heads, width / heads);
      const attentionNorm = layerNormalization();
      const think = sequential(layerNormalization(), dense(4 * width, { activation: gelu }), dense(width));
      return (x) => {
        const normal = attentionNorm(x);
        const seen = add(x, attention(normal, normal, { useCausalMask: true }));
        return add(seen, think(seen));
      };
    };
    const meaning = embedding(characters, width);
    const place = positionEmbedding(context);
    const read = sequential(
      ...Array.from({ length: blocks }, block),
      layerNormalization(),
      dense(characters),
    );
    return ({ x }) => {
      const meanings = meaning(x);
      return read(add(meanings, place(meanings)));
    };
  },
  online: ({ dense }) => {
    const model = dense(1);
    return ({ x }) => model(x);
  },
};

const losses = {
  wide: 'binary',
  online: 'binary',
  transformer: 'each place',
};

function lossOf({ binaryCrossentropy, mean, sparseCategoricalCrossentropy }, kind) {
  const fromLogits = true;
  if (kind === 'binary') return (logits, { label }) => binaryCrossentropy(label, logits, { fromLogits });
  if (kind === 'each place')
    return (logits, { label }) =>
      mean(sparseCategoricalCrossentropy(label, logits, { fromLogits }), { axis: -1 });
  return (logits, { label }) => sparseCategoricalCrossentropy(label, logits, { fromLogits });
}

function schemaOf({ int, float, tensor }, columns) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { dtype, shape }]) => {
      const dims = shape.slice(1);
      if (dims.length === 0) return [name, dtype === 'int32' ? int : float];
      return [name, tensor(dims, dtype)];
    }),
  );
}

/** A pipeline that trains on the task's batch over and over. */
export async function pipelineOf({ model, sizes, columns, batch, learningRate }) {
  const language = await import('millrace');
  const { adam, arrays, pipeline, sgd } = language;
  const data = Object.fromEntries(Object.entries(columns).map(([name, { values }]) => [name, values]));
  return pipeline({
    data: arrays(schemaOf(language, columns), data).batch(batch),
    model: models[model](language, sizes),
    loss: lossOf(language, losses[model]),
    optimizer: model === 'online' ? sgd({ learningRate }) : adam({ learningRate }),
  });
}

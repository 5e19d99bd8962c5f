/** What every contestant computes in a step: dense layers with relu between, cross-entropy on logits, Adam. */

export const tasks = {
  iris: { layers: [4, 10, 10, 3], batch: 16, learningRate: 0.01 },
  mlp: { layers: [784, 512, 10], batch: 128, learningRate: 0.001 },
};

/** A number from 0 to 1 that depends on its place alone. */
function noise(place) {
  const x = Math.sin(place) * 43758.5453;
  return x - Math.floor(x);
}

/**
 * The same numbers for everybody. Each row stands there twice, with two classes: the loss cannot fall to nothing, where
 * gradients would become so small that arithmetic on them is slow.
 */
export function batchOf({ layers, batch }) {
  const width = layers[0];
  const classes = layers.at(-1);
  const half = batch / 2;
  const inputs = Float32Array.from({ length: batch * width }, (_, i) =>
    noise((i % (half * width)) * 12.9898),
  );
  const labels = Int32Array.from(
    { length: batch },
    (_, row) => ((row % half) + (row < half ? 0 : 1)) % classes,
  );
  return { inputs, labels };
}

/** Glorot's uniform bounds. */
export function weightsOf(rows, columns) {
  const limit = Math.sqrt(6 / (rows + columns));
  return Float32Array.from({ length: rows * columns }, (_, i) => (2 * noise((i + 1) * 78.233) - 1) * limit);
}

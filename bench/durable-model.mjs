/** A model whose weights and slots have about so many bytes. */

export async function wide(bytes) {
  const { adam, arrays, dense, meanSquaredError, pipeline, sequential, vector } = await import('millrace');
  // Two layers of N × N, and Adam keeps two numbers beside each.
  const size = Math.round(Math.sqrt(bytes / 4 / 3 / 2));
  const rows = 64;
  const data = arrays(
    { x: vector(size) },
    { x: Float32Array.from({ length: rows * size }, (_, i) => Math.sin(i) / 2) },
  );
  const net = sequential(dense(size), dense(size));
  return {
    bytes: 2 * size * (size + 1) * 3 * 4,
    pipeline: pipeline({
      data: data.batch(16),
      model: ({ x }) => net(x),
      loss: (z, { x }) => meanSquaredError(x, z),
      optimizer: adam(),
    }),
  };
}

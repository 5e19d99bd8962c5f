/** How fast emitted contractions run, beside what the machine can do at most. */
import { matrixProduct } from '../matrix-product.mjs';
import { peakProbe } from '../peak-probe.mjs';
import { atLeast } from '../target.mjs';

/** The products of dense layers forward and backward, square ones, and some too small to fill a register block. */
const products = [
  ['square', 512, 512, 512],
  ['square256', 256, 256, 256],
  ['forward', 128, 512, 784],
  ['kernel gradient', 784, 512, 128, 'left'],
  ['input gradient', 128, 784, 512, 'right'],
  ['narrow', 128, 10, 512],
  ['tiny', 16, 10, 10],
  ['tiny gradient', 10, 10, 16, 'left'],
];

function contestant(id, name, make) {
  return {
    id,
    name,
    open: async () => {
      const { run, operations } = await make();
      const sample = async () => {
        const start = performance.now();
        const result = run();
        // The time of a thousand million operations.
        return { microseconds: ((performance.now() - start) * 1e12) / operations, result };
      };
      for (let i = 0; i < 30; i++) {
        await sample();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return { sample };
    },
  };
}

export const matmul = {
  name: 'matmul',
  title: 'products of matrices on one thread, beside multiplications and additions on registers alone',
  unit: (microseconds) => `${(1e6 / microseconds).toFixed(1)} GFLOP/s`,
  // Each is short.
  repeats: 100,
  contestants: async () => [
    contestant('peak', 'the peak', peakProbe),
    ...products.map(([name, rows, columns, depth, transposed]) => {
      const times = Math.ceil(3e7 / (rows * columns * depth));
      return contestant(`${name} ${rows}×${columns}×${depth}`, `${name}, ${rows}×${columns}×${depth}`, () =>
        matrixProduct({ rows, columns, depth, transposed, times }),
      );
    }),
  ],
  targets: (time) => [
    atLeast('512×512×512 ≥ 90 % of the peak', (100 * time('peak')) / time('square 512×512×512'), 90, ' %'),
  ],
};

/** A convolution, its gradients, and the gradients of those, as one program. */
import { gradients } from '../../compiler/3-differentiate/gradients.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { input } from '../../compiler/op/leaf.ts';
import { multiply, sum, vocabulary } from '../../stdlib/index.ts';
import { convolve } from '../../stdlib/ops/convolution/parts/convolve.ts';
import type { Configuration } from './configurations.ts';

/** y, the slopes of a weighted sum of it, and the slopes of a weighted sum of those. */
export function convolutionGraph({ lengths, channels, taps, filters, options }: Configuration): Graph {
  const x = input('x', ['B', ...lengths, channels], 'float32');
  const kernel = input('kernel', [...taps, channels / options.groups, filters], 'float32');
  const y = nodeOf(convolve(x, kernel, options));
  const weights = input('weights', y.shape, 'float32');
  const [dx, dk] = gradients(nodeOf(sum(multiply(y, weights))), [x, kernel], vocabulary.roles);
  const [vx, vk] = [input('vx', x.shape, 'float32'), input('vk', kernel.shape, 'float32')];
  const ofX = gradients(nodeOf(sum(multiply(dx!, vx))), [kernel, weights], vocabulary.roles);
  const ofKernel = gradients(nodeOf(sum(multiply(dk!, vk))), [x, weights], vocabulary.roles);
  const outputs = Object.entries({
    y,
    dx: dx!,
    dk: dk!,
    xk: ofX[0]!,
    xw: ofX[1]!,
    kx: ofKernel[0]!,
    kw: ofKernel[1]!,
  });
  return {
    name: 'generated',
    program: 'step',
    outputs: outputs.map(([name, value]) => ({ name, value })),
    updates: [],
    span: nowhere,
  };
}

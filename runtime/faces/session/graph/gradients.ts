/** Derivatives as tensors, and which variables a loss depends on. */
import { vocabulary } from 'millrace';
import { gradients as differentiate } from '../../../../compiler/3-differentiate/gradients.ts';
import { refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { DTY304 } from '../../../../compiler/diagnostics/dtype.ts';
import { GRD401 } from '../../../../compiler/diagnostics/gradient.ts';
import { Node, nodeOf, typeOf } from '../../../../compiler/ir/node.ts';
import { siteSpan } from '../../../../compiler/ir/site.ts';
import { nodesUnder } from '../../../../compiler/ir/walk.ts';
import { isFrozen } from '../../../../compiler/op/freeze.ts';
import { paramCard } from '../../../../compiler/op/leaf.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import type { Tensor } from '../../../../dsl/tensor.ts';

/**
 * ∂ys/∂x for each of `xs`, of the shape of x; where `ys` is no scalar, of the sum of its elements, and of several ys the sum of all.
 * Any tensors will do, not variables alone. Refuses with GRD401 where an x has no part in the ys, DTY304 where a y is not float32.
 */
export function gradients<const Xs extends readonly Tensor[]>(
  ys: Tensor | readonly Tensor[],
  xs: Xs,
): { readonly [K in keyof Xs]: Tensor<Xs[K]['shape'], 'float32'> } {
  const roots = (ys instanceof Node ? [ys] : (ys as readonly Tensor[])).map(nodeOf);
  const targets = xs.map(nodeOf);
  const [first, ...rest] = roots.map((root) => slopes(root, targets));
  const { add } = vocabulary.roles;
  const summed = targets.map((target, i) => {
    const parts = [first, ...rest].flatMap((each) => each?.[i] ?? []);
    const [part, ...others] = parts;
    if (!part) return refuse(unreached(roots[0], target));
    return others.reduce((sum, other) => nodeOf(add(sum, other)), part);
  });
  // A gradient has the type of what it is taken by.
  return summed as readonly Tensor[] as { readonly [K in keyof Xs]: Tensor<Xs[K]['shape'], 'float32'> };
}

/** The gradient by each target, undefined where none flows. */
export function slopes(root: Node, targets: readonly Node[]): (Node | undefined)[] {
  const { dtype } = typeOf(root);
  if (dtype !== 'float32') {
    refuse(
      DTY304({
        message: `a tensor of ${dtype} has no gradient`,
        span: siteSpan(),
        labels: [{ span: root.span, text: 'it is computed here' }],
        expected: 'float32',
        received: typeText(root),
      }),
    );
  }
  for (const target of targets) typeOf(target);
  return differentiate(root, targets, vocabulary.roles);
}

/** The trainable variables that a tensor depends on, but for those of frozen layers. */
export function trainableUnder(root: Node): Node[] {
  const below = nodesUnder([root], ({ body, inputs }) => (body ? [body] : inputs));
  return below.filter(({ card, scope }) => card === paramCard && !isFrozen(scope));
}

function unreached(root: Node | undefined, target: Node) {
  return GRD401({
    message: 'no gradient flows to what it is asked for',
    span: siteSpan(),
    labels: [
      { span: target.span, text: 'this has no part in it' },
      ...(root ? [{ span: root.span, text: 'what is differentiated' }] : []),
    ],
    expected: 'tensors that the ys are computed from by differentiable ops',
    received: typeText(target),
    hint: 'rounding, comparing and stopGradient let no gradient through',
  });
}

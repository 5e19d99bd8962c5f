/** The units of work before they are gathered into kernels: each computes one value over a frame of loops. */

import type { Shape } from '../../../dsl/tensor.ts';
import { refuse } from '../../diagnostics/diagnostic.ts';
import { PLN501 } from '../../diagnostics/plan.ts';
import { foldedAxes } from '../../ir/facts.ts';
import { byName } from '../../ir/inputs.ts';
import type { Node } from '../../ir/node.ts';
import { typeOf } from '../../ir/node.ts';
import { at } from '../../ir/site.ts';
import type { Movement, View } from '../../op/card.ts';
import { constant } from '../../op/leaf.ts';
import { movementOf } from '../1-values/alias.ts';

/**
 * `point` stores `value` at each point of the frame · `fold` combines it over `folded` axes · `contract` is a sum of
 * products with `value` itself · `piece` stores it where a view of the result shows it · `overlap` adds it there ·
 * `scatter` adds it where indices say.
 */
export interface Job {
  readonly kind: 'point' | 'fold' | 'contract' | 'piece' | 'overlap' | 'scatter';
  /** The node whose memory this job fills, or part of it. */
  readonly root: Node;
  readonly value: Node;
  /** The loops: for a fold, the shape of what is folded. */
  readonly frame: Shape;
  readonly folded: readonly number[];
  /** Of a piece and of an overlap: how its frame lies in the result. */
  readonly landing?: View;
  /** The job that must have run on the whole region before. */
  readonly after?: Job;
}

/** Whether the job adds to what is there: it runs on its own, in the order of its loops. */
export function isAdding({ kind }: Job): boolean {
  return kind === 'scatter' || kind === 'overlap';
}

/** Whether the job fills only part of its region, or fills it at other places than its frame's. */
export function isPartial(job: Job): boolean {
  return job.kind === 'piece' || isAdding(job);
}

/** What has to be done for one value that gets memory. */
export function jobsOf(root: Node): Job[] {
  const { card, inputs } = root;
  const { shape } = typeOf(root);
  if (card.kind === 'reduce') {
    const frame = typeOf(inputs[0]!).shape;
    const folded = foldedAxes(root);
    // Over no axes a reduction is its input.
    return [{ kind: folded.length > 0 ? 'fold' : 'point', root, value: inputs[0]!, frame, folded }];
  }
  if (card.kind === 'contract') return [{ kind: 'contract', root, value: root, frame: shape, folded: [] }];
  if (card.kind === 'scatter') {
    const [, updates] = inputs as [Node, Node];
    const fill = filling(root, 0);
    return [
      fill,
      { kind: 'scatter', root, value: updates, frame: typeOf(updates).shape, folded: [], after: fill },
    ];
  }
  if (card.kind === 'overlap') return overlap(root);
  const movement = movementOf(root);
  if (movement?.as === 'place') return pieces(root, movement);
  return [{ kind: 'point', root, value: root, frame: shape, folded: [] }];
}

function filling(root: Node, value: number): Job {
  const { shape, dtype } = typeOf(root);
  const fill = at(root.span, () => constant(value, shape, dtype));
  return { kind: 'point', root, value: fill, frame: shape, folded: [] };
}

/** The number of elements, where the symbolic axes count as one. */
function elements(shape: Shape): number {
  return shape.reduce<number>((n, dim) => n * (typeof dim === 'number' ? dim : 1), 1);
}

/** Elements that meet are added to zeros; where none do they are laid down. */
function overlap(root: Node): Job[] {
  const { card, attributes } = root;
  if (card.kind === 'composite' || !card.landing)
    throw new Error(`internal: ${card.name} does not say where its elements land`);
  const [value] = root.inputs as [Node];
  const landing = card.landing(byName(card, [typeOf(value)]), attributes, typeOf(root));
  const frame = typeOf(value).shape;
  const { shape } = typeOf(root);
  const alone = shape.every((_, axis) => apart(landing, frame, axis));
  const before = alone && elements(frame) === elements(shape) ? undefined : filling(root, 0);
  const kind = alone ? 'piece' : 'overlap';
  const laid: Job = { kind, root, value, frame, folded: [], landing, ...(before && { after: before }) };
  return before ? [before, laid] : [laid];
}

/** Whether a view never shows an element of this axis twice. */
function apart({ axes, steps }: View, frame: Shape, axis: number): boolean {
  const walks = axes
    .flatMap((walked, o) =>
      walked === axis && frame[o] !== 1 ? [{ size: frame[o]!, step: steps?.[o] ?? 1 }] : [],
    )
    .sort((a, b) => Math.abs(a.step) - Math.abs(b.step));
  let reach = 0;
  return walks.every(({ size, step }, i) => {
    if (Math.abs(step) <= reach) return false;
    if (typeof size === 'string') return i === walks.length - 1;
    reach += (size - 1) * Math.abs(step);
    return true;
  });
}

function pieces(root: Node, { fill, starts, steps }: Movement & { readonly as: 'place' }): Job[] {
  const { shape } = typeOf(root);
  if (
    shape.some(
      (size, axis) =>
        typeof size === 'string' && root.inputs.some((input) => typeOf(input).shape[axis] !== size),
    )
  ) {
    refuse(
      PLN501({
        message: `${root.card.name} along an axis whose size is known only when the program runs`,
        span: root.span,
        expected: 'a known size on the axis that grows',
        received: `[${shape.join(', ')}]`,
        hint: 'put parts together along another axis, or with a fixed number of rows',
      }),
    );
  }
  // Pieces that tile the region leave nothing to fill.
  const covered = root.inputs.reduce((sum, input) => sum + elements(typeOf(input).shape), 0);
  const before = covered === elements(shape) ? undefined : filling(root, fill);
  const laid = root.inputs.map(
    (value, k): Job => ({
      kind: 'piece',
      root,
      value,
      frame: typeOf(value).shape,
      folded: [],
      landing: {
        as: 'view',
        axes: shape.map((_, axis) => axis),
        starts: starts[k]!,
        ...(steps && { steps: steps[k]! }),
      },
      ...(before && { after: before }),
    }),
  );
  return before ? [before, ...laid] : laid;
}

/** Reads the equations of `einsum`: which axis of which operand carries which letter. */
import { SHP202 } from '../../../../compiler/diagnostics/shape.ts';
import { broadcastShapes, shapeText } from '../../../../compiler/ir/dim.ts';
import type { Mismatch } from '../../../../compiler/op/mismatch.ts';
import { TypeMismatch } from '../../../../compiler/op/mismatch.ts';
import { typeText } from '../../../../compiler/op/type-text.ts';
import type { Dim, Shape, Tensor } from '../../../../dsl/tensor.ts';

/** One name an axis: a letter, or `…k` for the k-th axis from the back of those that an ellipsis stands for. */
export type AxisNames = readonly string[];

/** An equation with its ellipses written out. */
export interface Equation {
  readonly operands: readonly AxisNames[];
  readonly result: AxisNames;
  readonly sizes: ReadonlyMap<string, Dim>;
}

const ellipsis = '...';

function refuse(mismatch: Mismatch): never {
  throw new TypeMismatch(mismatch);
}

/** The letters of one term, with `...` as a name of its own. */
function namesIn(term: string, equation: string): string[] {
  const names = term.match(/\.\.\.|./gs) ?? [];
  const odd = names.find((name) => name !== ellipsis && !/^[A-Za-z]$/.test(name));
  if (odd !== undefined || names.filter((name) => name === ellipsis).length > 1) {
    return refuse({
      message: `einsum cannot read '${term}' in the equation '${equation}'`,
      expected: 'letters, one an axis, and at most one ellipsis',
      received: `'${odd ?? ellipsis}'`,
    });
  }
  return names;
}

/** The names of one operand's axes; the ellipsis takes those that no letter takes. */
function nameAxes(names: readonly string[], operand: Tensor, number: number, equation: string): AxisNames {
  const letters = names.filter((name) => name !== ellipsis).length;
  const left = operand.shape.length - letters;
  const at = names.indexOf(ellipsis);
  if (left < 0 || (left > 0 && at < 0)) {
    refuse({
      message: `einsum names ${letters} axes of operand ${number + 1}, which has ${operand.shape.length}`,
      blame: number,
      label: `is '${names.join('')}' in '${equation}'`,
      expected: at < 0 ? `${letters} axes` : `at least ${letters} axes`,
      received: typeText(operand),
    });
  }
  if (at < 0) return names;
  const covered = Array.from({ length: left }, (_, k) => `…${left - k}`);
  return [...names.slice(0, at), ...covered, ...names.slice(at + 1)];
}

/** The axes under an operand's ellipsis. */
function underEllipsis(names: AxisNames, { shape }: Tensor): Shape {
  return shape.filter((_, axis) => names[axis]!.startsWith('…'));
}

/** One size a name; the axes under the ellipses broadcast. */
function sizesOf(operands: readonly AxisNames[], tensors: readonly Tensor[]): Map<string, Dim> {
  const sizes = new Map<string, Dim>();
  let joint: Shape = [];
  operands.forEach((names, number) => {
    const tensor = tensors[number]!;
    const covered = underEllipsis(names, tensor);
    joint =
      broadcastShapes(joint, covered) ??
      refuse({
        code: SHP202,
        message: `einsum cannot broadcast the axes under the ellipses, ${shapeText(joint)} with ${shapeText(covered)}`,
        blame: number,
        expected: `axes that broadcast with ${shapeText(joint)}`,
        received: typeText(tensor),
      });
    names.forEach((name, axis) => {
      if (name.startsWith('…')) return;
      const size = tensor.shape[axis]!;
      const before = sizes.get(name) ?? size;
      if (before !== size) {
        refuse({
          message: `einsum gives '${name}' two sizes, ${before} and ${size}`,
          blame: number,
          label: `axis ${axis} of ${typeText(tensor)} is '${name}'`,
          expected: `${before} along axis ${axis}`,
          received: typeText(tensor),
        });
      }
      sizes.set(name, size);
    });
  });
  joint.forEach((size, axis) => {
    sizes.set(`…${joint.length - axis}`, size);
  });
  return sizes;
}

/** Without an arrow the result has the ellipsis, then the letters that occur once, in the order of the alphabet. */
function implied(terms: readonly (readonly string[])[]): string[] {
  const all = terms.flat();
  const once = [...new Set(all)].filter(
    (name) => name !== ellipsis && all.indexOf(name) === all.lastIndexOf(name),
  );
  return [...(all.includes(ellipsis) ? [ellipsis] : []), ...once.sort()];
}

function checkResult(
  result: readonly string[],
  terms: readonly (readonly string[])[],
  equation: string,
): void {
  const odd = result.find(
    (name, at) => result.indexOf(name) !== at || (name !== ellipsis && !terms.flat().includes(name)),
  );
  if (odd === undefined) return;
  const twice = result.indexOf(odd) !== result.lastIndexOf(odd);
  refuse({
    message: twice
      ? `einsum has '${odd}' twice in the result of '${equation}'`
      : `einsum has '${odd}' in the result of '${equation}' and in none of its operands`,
    expected: 'each letter of the result once, out of those of the operands',
    received: `'${result.join('')}'`,
  });
}

/** Reads `equation` for these tensors: SHP201 where it does not fit them, SHP202 where ellipses do not broadcast. */
export function readEquation(equation: string, tensors: readonly Tensor[]): Equation {
  const [left, right, ...more] = equation.replaceAll(' ', '').split('->');
  const terms = left!.split(',').map((term) => namesIn(term, equation));
  if (more.length > 0 || terms.length !== tensors.length) {
    refuse({
      message:
        more.length > 0
          ? `einsum has two arrows in the equation '${equation}'`
          : `einsum has ${terms.length} ${terms.length === 1 ? 'operand' : 'operands'} in the equation '${equation}', and was given ${tensors.length}`,
      expected: "one term an operand, separated by commas, then '->' and the result: 'ij,jk->ik'",
      received: more.length > 0 ? `'${equation}'` : `${tensors.length} tensors`,
    });
  }
  const result = right === undefined ? implied(terms) : namesIn(right, equation);
  checkResult(result, terms, equation);
  const operands = terms.map((names, number) => nameAxes(names, tensors[number]!, number, equation));
  const sizes = sizesOf(operands, tensors);
  const covered = [...sizes.keys()].filter((name) => name.startsWith('…'));
  // NumPy refuses this too: axes without a letter are never summed over.
  if (covered.length > 0 && !result.includes(ellipsis)) {
    refuse({
      message: `einsum loses the axes under the ellipsis of '${equation}'`,
      expected: "an ellipsis in the result: '...ij->...ji'",
      received: `'${result.join('')}'`,
    });
  }
  return { operands, sizes, result: result.flatMap((name) => (name === ellipsis ? covered : [name])) };
}

/** Variables: what a session holds from run to run, and what assignments and optimizers change. */
import { ARG101 } from '../../../../compiler/diagnostics/argument.ts';
import { refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { SES907 } from '../../../../compiler/diagnostics/session.ts';
import { Node, typeOf } from '../../../../compiler/ir/node.ts';
import { siteSpan } from '../../../../compiler/ir/site.ts';
import { nodesUnder } from '../../../../compiler/ir/walk.ts';
import { checkArguments, textOf } from '../../../../compiler/op/arguments.ts';
import { flag, oneOf, text } from '../../../../compiler/op/checks.ts';
import {
  constant,
  inputCard,
  literal,
  param,
  paramCard,
  runLeaves,
  state,
  stateCard,
} from '../../../../compiler/op/leaf.ts';
import type { DType, Shape, Tensor } from '../../../../dsl/tensor.ts';
import type { Literal, LiteralDType, LiteralShape } from './literal.ts';
import { literalValues } from './literal.ts';

export interface VariableOptions<D extends DType = DType> {
  /** What it is called in messages and saved files. Variables without a name cannot be saved. */
  readonly name?: string | undefined;
  /** Of numbers and truths in arrays: default `float32` and `bool`. */
  readonly dtype?: D | undefined;
  /** False keeps optimizers away from it. Default true; only float32 variables can be trained. */
  readonly trainable?: boolean | undefined;
}

type VariableOf<V, D> =
  V extends Tensor<infer S extends Shape, infer E extends DType>
    ? Tensor<S, E>
    : Tensor<LiteralShape<V>, D extends DType ? D : LiteralDType<V>>;

const known = { name: text, trainable: flag, dtype: oneOf('float32', 'int32', 'bool') };

/**
 * A variable that starts as `initial`: a number, nested arrays, or a tensor of known sizes that is computed when the
 * session initialises it, such as `glorotUniform()([784, 10])`. It keeps the shape and dtype of its initial value.
 *
 *     const W = variable(0.3);
 *     const kernel = variable(glorotUniform()([784, 10]), { name: 'kernel' });
 *
 * What `param` and layers of the vocabulary make are variables of a session, too. ARG101 for what is none of these.
 */
export function variable<const V extends Literal | Tensor, D extends DType | undefined = undefined>(
  initial: V,
  options: VariableOptions<NonNullable<D>> & { readonly dtype?: D } = {},
): VariableOf<V, D> {
  checkArguments('variable', { initial: { expects: 'a value', fits: () => true } }, known, [
    initial,
    options,
  ]);
  const value = initial instanceof Node ? checkedInitial(initial) : literalNode(initial, options.dtype);
  const { dtype, shape } = typeOf(value);
  const sizes = shape as readonly number[];
  const { name, trainable } = options;
  const named = { initializer: () => value, ...(name !== undefined && { name }) };
  const made =
    dtype === 'float32'
      ? param(sizes, { ...named, ...(trainable !== undefined && { trainable }) })
      : state(sizes, { ...named, dtype });
  // The type says of the shape what the literal says, and no more.
  return made as Tensor as VariableOf<V, D>;
}

function literalNode(initial: unknown, wanted: DType | undefined): Node {
  const given = literalValues(initial);
  const refused = (expected: string): never =>
    refuse(
      ARG101({
        message: 'initial of variable is not what it must be',
        span: siteSpan(),
        expected,
        received: textOf(initial),
      }),
    );
  if (!given) return refused('a number, nested arrays of one shape, or a tensor');
  const { shape, values } = given;
  if (values.length === 0) return refused('at least one value');
  const truths = values.every((value) => typeof value === 'boolean');
  const dtype = wanted ?? (truths ? 'bool' : 'float32');
  const fits = (value: number | boolean): boolean =>
    dtype === 'bool'
      ? typeof value === 'boolean'
      : typeof value === 'number' && (dtype === 'float32' || (value | 0) === value);
  if (!values.every(fits)) return refused(`values of ${dtype}`);
  return shape.length === 0
    ? constant(Number(values[0]), [], dtype)
    : literal(values.map(Number), shape, dtype);
}

function checkedInitial(initial: Node): Node {
  const { shape } = typeOf(initial);
  const below = nodesUnder([initial], ({ body, inputs }) => (body ? [body] : inputs));
  const unfit = below.find((node) => node.card === inputCard || isVariable(node));
  if (!unfit && shape.every((dim) => typeof dim === 'number')) return initial;
  return refuse(
    ARG101({
      message: 'initial of variable is not what it must be',
      span: siteSpan(),
      expected: 'a value that depends on no placeholder and no variable, of known sizes',
      received: textOf(initial),
      ...(unfit && { labels: [{ span: unfit.span, text: 'it depends on this' }] }),
      hint: 'to copy a variable, run assign(copy, original)',
    }),
  );
}

/** Whether a node is held by sessions: a variable, a parameter, a layer's state. */
export function isVariable(node: Node): boolean {
  return (node.card === paramCard || node.card === stateCard) && !runLeaves.includes(node);
}

/** The variable, refusing all else with SES907. `role` says what it is needed for: `assign sets variables`. */
export function variableIn(value: unknown, role: string): Node {
  if (value instanceof Node) {
    // What has no type says why when it is run.
    if (isVariable(value) || !value.type) return value;
  }
  return refuse(
    SES907({
      message: `${role}, and this is none`,
      span: siteSpan(),
      expected: 'what variable, param or a layer made',
      received: textOf(value),
      ...(value instanceof Node && { labels: [{ span: value.span, text: 'it comes from here' }] }),
    }),
  );
}

/** Turns the facts on a card into the function that users call: it reads arguments, types the result, makes the node. */
import type { DType, Shape, Tensor } from '../../dsl/tensor.ts';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { DTY301, DTY303 } from '../diagnostics/dtype.ts';
import { SHP201, SHP202 } from '../diagnostics/shape.ts';
import { broadcastShapes, sameShape, shapeText } from '../ir/dim.ts';
import type { Attribute, Attributes } from '../ir/node.ts';
import { Node, nodeOf } from '../ir/node.ts';
import { calledAs, siteScope, siteSpan, within } from '../ir/site.ts';
import type { Card, Composite, InputSpec, Mismatch, Op, Primitive } from './card.ts';
import { TypeMismatch } from './card.ts';
import { constant } from './leaf.ts';
import { typeText } from './type-text.ts';

type OpFunction = (...args: never[]) => Tensor;
type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** Defines a primitive: `defineOp<Map>({ name: 'exp', kind: 'map', … })`. */
export function defineOp<F extends OpFunction>(
  facts: Optional<Primitive, 'options' | 'positional' | 'laws' | 'tolerance' | 'cost'>,
): Op<F> {
  return callable<F>({ options: {}, positional: [], laws: [], tolerance: {}, cost: 1, ...facts });
}

/** Defines an op by a formula over other ops; shape, gradient and lowerings follow from it. */
export function composite<F extends OpFunction>(
  facts: Optional<
    Omit<Composite, 'kind'>,
    'options' | 'positional' | 'laws' | 'tolerance' | 'family' | 'domain'
  >,
): Op<F> {
  return callable<F>({
    kind: 'composite',
    family: 'op',
    options: {},
    positional: [],
    laws: [],
    tolerance: {},
    domain: {},
    ...facts,
  });
}

function callable<F extends OpFunction>(card: Card): Op<F> {
  const call = (...args: unknown[]): Tensor => apply(card, args);
  Object.defineProperty(call, 'name', { value: card.name });
  // The signature F is the author's claim about `apply` for this card; the laws check it on values.
  return Object.assign(call as unknown as F, { card });
}

/** Calls a card on arguments as users write them. */
export function apply(card: Card, args: readonly unknown[]): Node {
  const call = readArguments(card, args);
  if (!(call instanceof CallParts)) return broken(card, [], {}, call);
  return make(card, call.inputs, call.attributes);
}

/** Makes the node of a card on inputs that are nodes already; broadcasting included. */
export function make(card: Card, inputs: readonly Node[], attributes: Attributes): Node {
  if (inputs.some((node) => node.type === undefined)) return untyped(card, inputs, attributes);
  const wrong = wrongDtype(card, inputs);
  if (wrong) return broken(card, inputs, attributes, wrong);
  try {
    return card.kind === 'composite' ? expand(card, inputs, attributes) : primitive(card, inputs, attributes);
  } catch (error) {
    if (error instanceof TypeMismatch)
      return broken(card, inputs, attributes, explain(inputs, error.mismatch));
    throw error;
  }
}

function primitive(card: Primitive, given: readonly Node[], attributes: Attributes): Node {
  const inputs = card.kind === 'zip' ? broadcastAll(card, given) : given;
  const type = card.type(
    inputs.map((node) => node.type!),
    attributes,
    calledAs(card.name),
  );
  return new Node({ card, inputs, attributes, type, span: siteSpan(), scope: siteScope() });
}

function expand(card: Composite, inputs: readonly Node[], attributes: Attributes): Node {
  const spread = Object.values(card.inputs)[0]?.list ? [inputs] : inputs;
  const body = within({ owner: {}, name: card.name, kind: 'op' }, () => card.body(spread, attributes));
  if (!(body instanceof Node)) throw new Error(`internal: the body of ${card.name} gave no tensor`);
  return new Node({ card, inputs, attributes, type: body.type, span: siteSpan(), scope: siteScope(), body });
}

function untyped(card: Card, inputs: readonly Node[], attributes: Attributes): Node {
  return new Node({ card, inputs, attributes, type: undefined, span: siteSpan(), scope: siteScope() });
}

function broken(card: Card, inputs: readonly Node[], attributes: Attributes, problem: Diagnostic): Node {
  return new Node({
    card,
    inputs,
    attributes,
    type: undefined,
    span: siteSpan(),
    scope: siteScope(),
    problem,
  });
}

// --- arguments ---------------------------------------------------------------------------------------------

class CallParts {
  readonly inputs: readonly Node[];
  readonly attributes: Attributes;
  constructor(inputs: readonly Node[], attributes: Attributes) {
    this.inputs = inputs;
    this.attributes = attributes;
  }
}

const isOptions = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Node) && !Array.isArray(value);

function readArguments(card: Card, args: readonly unknown[]): CallParts | Diagnostic {
  const specs = Object.entries(card.inputs);
  const isList = specs[0]?.[1].list === true;
  const count = specs.length;
  const rest = args.slice(count);
  const given: Record<string, unknown> = {};
  const last = rest.at(-1);
  if (isOptions(last)) Object.assign(given, rest.pop());
  if (rest.length > card.positional.length) {
    return bad(card, `takes ${count + card.positional.length} arguments`, `received ${args.length}`);
  }
  rest.forEach((value, i) => {
    if (value !== undefined) given[card.positional[i]!] = value;
  });
  const attributes = readOptions(card, given);
  if ('code' in attributes && typeof attributes.code === 'string' && 'severity' in attributes)
    return attributes as unknown as Diagnostic;
  const values = isList ? args[0] : args.slice(0, count);
  if (!Array.isArray(values) || values.length < count) {
    return bad(
      card,
      isList ? 'takes a list of tensors' : `takes ${count} tensors`,
      `received ${describe(isList ? args[0] : args.length)}`,
    );
  }
  const wrong = values.findIndex((value) => !isTensorLike(value));
  if (wrong >= 0) {
    const name = isList ? `element ${wrong} of the list` : specs[wrong]![0];
    return bad(card, `needs a tensor for ${name}`, `received ${describe(values[wrong])}`);
  }
  return new CallParts(
    asNodes(
      values,
      specs.map(([, spec]) => spec),
      isList,
    ),
    attributes as Attributes,
  );
}

const isTensorLike = (value: unknown): value is Node | number | boolean =>
  value instanceof Node || typeof value === 'number' || typeof value === 'boolean';

/** Plain numbers take the dtype of the tensors beside them, if the op lets them share one. */
function asNodes(
  values: readonly (Node | number | boolean)[],
  specs: readonly InputSpec[],
  isList: boolean,
): Node[] {
  return values.map((value, i) => {
    if (value instanceof Node) return value;
    const spec = specs[isList ? 0 : i]!;
    if (typeof value === 'boolean' && spec.accepts.includes('bool'))
      return constant(Number(value), [], 'bool');
    const partners = values.flatMap((other, j) =>
      other instanceof Node && other.type && (isList || specs[j]!.accepts === spec.accepts)
        ? [other.type.dtype]
        : [],
    );
    // A fraction beside whole numbers stays a fraction, so that the op can say that the dtypes differ.
    const holds = (dtype: DType): boolean =>
      dtype === 'float32' || (dtype === 'int32' && Number.isInteger(Number(value)));
    const fitting = partners.find((dtype) => spec.accepts.includes(dtype) && holds(dtype));
    const alone: DType = spec.accepts.includes('float32') ? 'float32' : spec.accepts[0]!;
    return constant(Number(value), [], fitting ?? alone);
  });
}

function readOptions(card: Card, given: Readonly<Record<string, unknown>>): Attributes | Diagnostic {
  const attributes: Record<string, Attribute> = {};
  for (const [name, spec] of Object.entries(card.options)) {
    const value = given[name] === undefined ? spec.default : given[name];
    if (value === undefined) {
      if (spec.required) return bad(card, `needs the option ${name}: ${spec.expects}`, 'it is missing');
      continue;
    }
    if (!spec.fits(value))
      return bad(card, `option ${name} must be ${spec.expects}`, `received ${describe(value)}`);
    attributes[name] = spec.read ? spec.read(value) : (value as Attribute);
  }
  const unknown = Object.keys(given).find((name) => !(name in card.options));
  if (unknown !== undefined) {
    const names = Object.keys(card.options);
    return bad(
      card,
      `has no option ${unknown}`,
      names.length > 0 ? `its options are ${names.join(', ')}` : 'it has none',
    );
  }
  return attributes;
}

function describe(value: unknown): string {
  if (value instanceof Node) return value.type ? typeText(value.type) : 'a tensor';
  if (typeof value === 'function') return 'a function';
  return JSON.stringify(value) ?? String(value);
}

function bad(card: Card, message: string, received: string): Diagnostic {
  return DTY303({ message: `${calledAs(card.name)} ${message}`, span: siteSpan(), received });
}

// --- types -------------------------------------------------------------------------------------------------

function wrongDtype(card: Card, inputs: readonly Node[]): Diagnostic | undefined {
  const specs = Object.entries(card.inputs);
  for (const [i, node] of inputs.entries()) {
    const [name, spec] = specs[i] ?? specs[0]!;
    if (spec.accepts.includes(node.type!.dtype)) continue;
    return DTY301({
      message: `${calledAs(card.name)} takes ${spec.accepts.join(' or ')} for ${name}, not ${node.type!.dtype}`,
      span: siteSpan(),
      labels: origin(node),
      expected: spec.accepts.join(' or '),
      received: typeText(node.type!),
      hint: `convert it with cast(…, '${spec.accepts[0]}')`,
    });
  }
  return undefined;
}

/** Stretches equal-ranked inputs of an elementwise op to one shape, by NumPy's rule. */
function broadcastAll(card: Primitive, inputs: readonly Node[]): Node[] {
  let shape: Shape = [];
  for (const [i, node] of inputs.entries()) {
    const joint = broadcastShapes(shape, node.type!.shape);
    if (!joint) {
      throw new TypeMismatch({
        code: SHP202,
        message: `${calledAs(card.name)} cannot broadcast ${shapeText(shape)} with ${shapeText(node.type!.shape)}`,
        blame: i,
        label: 'does not broadcast with what stands before it',
        expected: `a shape that broadcasts with ${shapeText(shape)}`,
        received: typeText(node.type!),
        hint: 'axes are aligned from the last; each pair must be equal, or one of them 1',
      });
    }
    shape = joint;
  }
  return inputs.map((node) => stretch(node, shape));
}

function stretch(node: Node, shape: Shape): Node {
  if (sameShape(node.type!.shape, shape)) return node;
  if (node.card.name === 'constant' && node.type!.shape.length === 0) {
    return constant(node.attributes.value as number, shape, node.type!.dtype);
  }
  return broadcasting(node, shape);
}

/*
 * Elementwise ops insert broadcasts, and broadcast is itself a card of the vocabulary; the vocabulary hands it
 * over when it is loaded so that this room need not import that one.
 */
let broadcasting: (node: Node, shape: Shape) => Node = () => {
  throw new Error('internal: the vocabulary has not been loaded');
};

/** Told once by the card that stretches a tensor to a larger shape. */
export function broadcastBy<F extends OpFunction>(op: Op<F>): Op<F> {
  broadcasting = (node, shape) => make(op.card, [node], { shape });
  return op;
}

/** Runs a body that types `inputs` outside of any card, such as a metric's; what does not fit is refused. */
export function refusingMismatch<T>(inputs: readonly Tensor[], body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof TypeMismatch) return refuse(explain(inputs.map(nodeOf), error.mismatch));
    throw error;
  }
}

function explain(inputs: readonly Node[], mismatch: Mismatch): Diagnostic {
  const { code = SHP201, message, blame, label, expected, received, hint } = mismatch;
  const culprit = blame === undefined ? undefined : inputs[blame];
  return code({
    message,
    span: siteSpan(),
    ...(label !== undefined && { label }),
    labels: culprit ? origin(culprit) : [],
    ...(expected !== undefined && { expected }),
    ...(received !== undefined && { received }),
    ...(hint !== undefined && { hint }),
  });
}

/** Where an input came from: the second place of a clash. */
function origin(node: Node): Label[] {
  const here = siteSpan();
  const { span } = node;
  if (span.file === '' || (span.file === here.file && span.line === here.line && span.column === here.column))
    return [];
  const name = node.name ?? node.scope?.name ?? node.card.name;
  const verb = node.card.kind === 'leaf' ? 'is declared here' : 'comes from here';
  return [{ span, text: `${name} : ${typeText(node.type!)} ${verb}` }];
}

/** One program's graph in TensorFlow's ops: every node by the lowering on its card, or by what its card says of it. */

import type { DType } from '../../../dsl/tensor.ts';
import { foldedAxes, isColumn, isVariable } from '../../ir/facts.ts';
import type { Fusion, Graph } from '../../ir/graph.ts';
import { byName } from '../../ir/inputs.ts';
import type { Node, TensorType } from '../../ir/node.ts';
import { nodeOf, typeOf } from '../../ir/node.ts';
import { ScopeNames } from '../../ir/scope-names.ts';
import { at } from '../../ir/site.ts';
import { nodesUnder, walk } from '../../ir/walk.ts';
import type { Primitive } from '../../op/card.ts';
import type { TfTensor } from '../../op/tensorflow.ts';
import { Builder, joint } from './builder.ts';
import { leafTensor } from './leaves.ts';
import type { NodeList } from './node-list.ts';
import { placed } from './placing.ts';
import type { Variables } from './variables.ts';
import { owned } from './variables.ts';
import { landed, seen } from './views.ts';

/** Where a program's values go in and come out. Names of tensors are TensorFlow's. */
export interface Endpoint {
  /** In the order in which to feed them. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** To be fed with the number of rows, where no input tells it. */
  readonly rows?: string;
  /** To be fetched for the effects alone, when all updates are made. */
  readonly done: string;
}

export interface Port {
  readonly name: string;
  readonly tensor: TfTensor;
}

export function emitProgram(graph: Graph, list: NodeList, variables: Variables): Endpoint {
  return new ProgramEmitter(graph, list, variables).emit();
}

class ProgramEmitter {
  readonly #graph: Graph;
  readonly #builder: Builder;
  readonly #list: NodeList;
  readonly #variables: Variables;
  readonly #scopes = new ScopeNames();
  /** The value of each node; axes on which it only repeats may have size 1, or be missing in front. */
  readonly #values = new Map<Node, TfTensor>();
  /** Values stretched to the sizes that their nodes say. */
  readonly #whole = new Map<Node, TfTensor>();
  readonly #fed = new Map<string, TfTensor>();
  readonly #held = new Map<string, TfTensor>();
  #rows: TfTensor | undefined;

  constructor(graph: Graph, list: NodeList, variables: Variables) {
    this.#graph = graph;
    this.#list = list;
    this.#variables = variables;
    this.#builder = new Builder(list, graph.program, () => this.#batch());
  }

  emit(): Endpoint {
    const { program, outputs, updates, fusions = [] } = this.#graph;
    const fused = new Set(fusions.flatMap(({ targets }) => targets.map(({ name }) => name)));
    const alone = updates.filter(({ target }) => !fused.has(target.name));
    const order = nodesUnder([
      ...outputs.map(({ value }) => value),
      ...fusions.flatMap(({ operands }) => operands),
      ...alone.flatMap(({ target, value }) => [value, target]),
    ]);
    // Inputs come first: they tell the number of rows to all else.
    for (const node of order) if (isColumn(node)) this.#valueOf(node);
    for (const node of order) this.#valueOf(node);
    // All new values are there before the first is written; each waits for the readers of the old one.
    const writes = alone.map(({ target, value }) => {
      this.#builder.label = `${program}/update/${target.name}`;
      const read = this.#held.get(target.name!);
      const whole = this.#wholeOf(value);
      const own = mayAlias(value) ? owned(this.#builder, whole) : whole;
      return this.#variables.assign(this.#builder, target.name!, own, read ? [read.name] : []);
    });
    writes.push(...fusions.map((fusion) => this.#fused(fusion)));
    this.#builder.label = program;
    const updated = this.#builder.node('NoOp', [], {}, writes, `${program}/updates`);
    const done = this.#list.add(
      `${program}/done`,
      'Identity',
      [this.#builder.constant(1, 'bool').name, `^${updated}`],
      {
        T: { type: 'bool' },
      },
    );
    return {
      inputs: [...this.#fed].map(([name, tensor]) => ({ name, tensor })),
      outputs: outputs.map(({ name, value }) => {
        const { dtype } = typeOf(value);
        const tensor = this.#wholeOf(value);
        const out = this.#list.add(`${program}/outputs/${name}`, 'Identity', [tensor.name, `^${updated}`], {
          T: { type: dtype },
        });
        return { name, tensor: { name: out, ...typeOf(value) } };
      }),
      ...(this.#rows && !this.#batched() && { rows: this.#rows.name }),
      done,
    };
  }

  /** The kernel sets variables where they lie, after their old values were read. */
  #fused({ kernel, targets, operands, flags }: Fusion): string {
    const [parameter] = targets;
    this.#builder.label = `${this.#graph.program}/update/${parameter!.name}`;
    const handles = targets.map((target) => this.#variables.handle(target.name!));
    const after = targets.flatMap((target) => this.#held.get(target.name!)?.name ?? []);
    return this.#builder.node(
      kernel,
      [...handles, ...operands.map((operand) => this.#wholeOf(operand))],
      { T: { type: typeOf(parameter!).dtype }, use_locking: false, ...flags },
      after,
    );
  }

  /** An input with a batch axis in front. */
  #batched(): TfTensor | undefined {
    return [...this.#fed.values()].find(({ shape }) => shape[0] === 'B');
  }

  /** The number of rows: the length of an input with a batch axis, or else told by whoever runs the program. */
  #batch(): TfTensor {
    this.#rows ??= { name: this.#rowsNode(), dtype: 'int32', shape: [] };
    return this.#rows;
  }

  #rowsNode(): string {
    const list = this.#list;
    const wish = `${this.#graph.program}/rows`;
    const int32 = { type: 'int32' } as const;
    const input = this.#batched();
    if (!input) return list.add(wish, 'Placeholder', [], { dtype: int32, shape: { shape: [] } });
    const sizes = list.add(`${wish}/Shape`, 'Shape', [input.name], {
      T: { type: input.dtype },
      out_type: int32,
    });
    const [first, one] = [this.#builder.constant([0], 'int32'), this.#builder.constant([1], 'int32')];
    return list.add(wish, 'StridedSlice', [sizes, first.name, one.name, one.name], {
      T: int32,
      Index: int32,
      shrink_axis_mask: { int: 1 },
    });
  }

  /** Emits the node and all it depends on; without recursion along chains, which may be long. */
  #valueOf(root: Node): TfTensor {
    walk([root], this.#values, (node) => {
      this.#builder.label = this.#labelOf(node);
      this.#values.set(node, this.#emit(node));
    });
    return this.#values.get(root)!;
  }

  #wholeOf(node: Node): TfTensor {
    let tensor = this.#whole.get(node);
    if (!tensor) {
      tensor = this.#builder.stretch(this.#valueOf(node), typeOf(node).shape);
      this.#whole.set(node, tensor);
    }
    return tensor;
  }

  #emit(node: Node): TfTensor {
    const { card, inputs } = node;
    if (card.kind === 'composite') return this.#valueOf(node.body!);
    if (card.kind === 'leaf') return this.#leaf(node);
    if (card.kind === 'update') return this.#valueOf(inputs[0]!);
    const { lower } = card;
    const type = typeOf(node);
    const tensor = this.#lowered(node, card, type);
    if (tensor) return tensor;
    if (!lower.plan) throw new Error(`internal: ${card.name} has no lowering to TensorFlow`);
    const parts = at(node.span, () => nodeOf(lower.plan!(byName(card, inputs), node.attributes)));
    return this.#valueOf(parts);
  }

  #leaf(node: Node): TfTensor {
    const { program } = this.#graph;
    if (isVariable(node)) {
      return this.#once(this.#held, node.name!, () =>
        this.#variables.read(this.#builder, node.name!, `${program}/${node.name}`),
      );
    }
    if (!isColumn(node)) return leafTensor(this.#builder, node);
    const type = typeOf(node);
    return this.#once(this.#fed, node.name!, () => {
      const attributes = { dtype: { type: type.dtype }, shape: { shape: type.shape } };
      const name = this.#list.add(`${program}/inputs/${node.name}`, 'Placeholder', [], attributes);
      return { name, ...type };
    });
  }

  #once(known: Map<string, TfTensor>, name: string, make: () => TfTensor): TfTensor {
    const tensor = known.get(name) ?? make();
    known.set(name, tensor);
    return tensor;
  }

  #lowered(node: Node, card: Primitive, type: TensorType): TfTensor | undefined {
    const { inputs, attributes } = node;
    const tf = this.#builder;
    const types = byName(card, inputs.map(typeOf));
    const whole = (): TfTensor[] => inputs.map((input) => this.#wholeOf(input));
    const movement = card.movement?.(types, attributes, type);
    if (movement?.as === 'reshape') return tf.reshape(whole()[0]!, type.shape);
    if (movement?.as === 'view') return seen(tf, whole()[0]!, movement, type);
    if (movement?.as === 'place') return placed(tf, whole(), movement, type);
    const landing = card.landing?.(types, attributes, type);
    if (landing) return landed(tf, whole()[0]!, landing, type);
    const lowering = card.lower.tensorflow;
    if (lowering === undefined) return undefined;
    const elementwise = card.kind === 'map' || card.kind === 'zip';
    const operands = elementwise ? inputs.map((input) => this.#valueOf(input)) : whole();
    if (typeof lowering === 'function') {
      const own = { ...type, ...(elementwise && { shape: joint(operands) }) };
      return lowering(tf, byName(card, operands), attributes, own);
    }
    if (elementwise) return simple(tf, lowering, operands, type.dtype);
    return folded(tf, lowering, operands[0]!, node, type);
  }

  #labelOf(node: Node): string {
    const path: string[] = [node.name ?? node.card.name];
    for (let scope = node.scope; scope; scope = scope.outer) {
      path.unshift(scope.kind === 'layer' ? this.#scopes.nameOf(scope) : scope.name);
    }
    return [this.#graph.program, ...path].join('/');
  }
}

/** An elementwise op of one name: T is the dtype of its last input. */
function simple(tf: Builder, op: string, inputs: readonly TfTensor[], dtype: DType): TfTensor {
  const T = { type: inputs.at(-1)!.dtype };
  return tf.op(op, inputs, { T }, { dtype, shape: joint(inputs) });
}

/** A reduction; axes that it keeps, it keeps with size 1. */
function folded(tf: Builder, op: string, x: TfTensor, reduction: Node, type: TensorType): TfTensor {
  const axes = foldedAxes(reduction);
  if (axes.length === 0) return x;
  return tf.op(
    op,
    [x, tf.constant(axes, 'int32')],
    { T: { type: x.dtype }, Tidx: { type: 'int32' }, keep_dims: type.shape.length === x.shape.length },
    type,
  );
}

/** Whether the value may lie in the memory of an input: what only moves elements, or marks them, may make no copy. */
function mayAlias(node: Node): boolean {
  let at = node;
  while (at.card.kind === 'move' || at.card.kind === 'map' || at.card.kind === 'update') at = at.inputs[0]!;
  return at.card.kind === 'leaf';
}

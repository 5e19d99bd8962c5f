/** The builder that lowerings speak to: it names nodes after what is being lowered and computes sizes in the run. */

import type { Dim, Shape } from '../../ir/dim.ts';
import { broadcastShapes, inBatch, isSymbolic, sameShape } from '../../ir/dim.ts';
import type {
  TfAttribute,
  TfAttributes,
  TfBuilder,
  TfDType,
  TfLike,
  TfTensor,
  TfType,
} from '../../op/tensorflow.ts';
import type { AttributeValue } from './graph-def.ts';
import type { NodeList } from './node-list.ts';
import { contentOf } from './node-list.ts';

export class Builder implements TfBuilder {
  /** What the nodes that are made now belong to. */
  label: string;
  readonly #list: NodeList;
  readonly #batch: () => TfTensor;
  readonly #known = new Map<string, TfTensor>();

  /** `batch` gives the number of rows as an int32 scalar. */
  constructor(list: NodeList, label: string, batch: () => TfTensor) {
    this.#list = list;
    this.label = label;
    this.#batch = batch;
  }

  op(op: string, inputs: readonly TfTensor[], attributes: TfAttributes, result: TfType): TfTensor {
    const { dtype, shape } = result;
    return { name: this.node(op, inputs, attributes), dtype, shape };
  }

  /** An op whose result nobody asks for, or that waits for others: gives its name. */
  node(
    op: string,
    inputs: readonly TfTensor[],
    attributes: TfAttributes,
    after: readonly string[] = [],
    name = `${this.label}/${op}`,
  ): string {
    const values = Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, attributeValue(value)]),
    );
    return this.#list.add(
      name,
      op,
      [...inputs.map((input) => input.name), ...after.map((each) => `^${each}`)],
      values,
    );
  }

  map(op: string, ...inputs: readonly TfLike[]): TfTensor {
    const tensors = this.#tensors(inputs);
    const { dtype } = tensors[0]!;
    return this.op(op, tensors, { T: { type: dtype } }, { dtype, shape: joint(tensors) });
  }

  compare(op: string, a: TfLike, b: TfLike): TfTensor {
    const tensors = this.#tensors([a, b]);
    return this.op(op, tensors, { T: { type: tensors[0]!.dtype } }, { dtype: 'bool', shape: joint(tensors) });
  }

  logic(op: string, ...inputs: readonly TfTensor[]): TfTensor {
    return this.op(op, inputs, {}, { dtype: 'bool', shape: joint(inputs) });
  }

  select(condition: TfTensor, yes: TfLike, no: TfLike): TfTensor {
    const [a, b] = this.#tensors([yes, no]) as [TfTensor, TfTensor];
    const { dtype } = a;
    return this.op(
      'SelectV2',
      [condition, a, b],
      { T: { type: dtype } },
      { dtype, shape: joint([condition, a, b]) },
    );
  }

  cast(x: TfTensor, dtype: TfDType): TfTensor {
    if (x.dtype === dtype) return x;
    const attributes = { SrcT: { type: x.dtype }, DstT: { type: dtype } };
    return this.op('Cast', [x], attributes, { dtype, shape: x.shape });
  }

  bitcast(x: TfTensor, dtype: TfDType): TfTensor {
    if (x.dtype === dtype) return x;
    const attributes = { T: { type: x.dtype }, type: { type: dtype } };
    return this.op('Bitcast', [x], attributes, { dtype, shape: x.shape });
  }

  constant(values: number | readonly number[], dtype: TfDType, shape?: readonly number[]): TfTensor {
    const list = typeof values === 'number' ? [values] : values;
    const sizes = shape ?? (typeof values === 'number' ? [] : [values.length]);
    const key =
      list.length <= 16 ? `${dtype}[${sizes}]${list.map((x) => (Object.is(x, -0) ? '-0' : x))}` : undefined;
    return this.#once(key, () => {
      const tensor = { dtype, shape: sizes, bytes: contentOf(list, dtype) };
      const name = this.#list.add(`${this.label}/Const`, 'Const', [], {
        dtype: { type: dtype },
        value: { tensor },
      });
      return { name, dtype, shape: sizes };
    });
  }

  size(dim: Dim): TfTensor {
    if (typeof dim === 'number') return this.constant(dim, 'int32');
    return this.#once(`size ${dim}`, () => {
      const { factor, power } = inBatch(dim);
      const batch = this.#batch();
      let size = batch;
      for (let i = 1; i < power; i++) size = this.map('Mul', size, batch);
      return factor === 1 ? size : this.map('Mul', size, factor);
    });
  }

  shape(shape: Shape): TfTensor {
    if (!shape.some(isSymbolic)) return this.constant(shape as readonly number[], 'int32');
    return this.#once(`shape ${shape}`, () =>
      this.op(
        'Pack',
        shape.map((dim) => this.size(dim)),
        { N: shape.length, T: { type: 'int32' }, axis: 0 },
        { dtype: 'int32', shape: [shape.length] },
      ),
    );
  }

  reshape(x: TfTensor, shape: Shape): TfTensor {
    if (sameShape(x.shape, shape)) return x;
    const unknown = shape.filter(isSymbolic).length;
    // One size that is not known now TensorFlow finds out by itself, unless there are no elements to tell by.
    const sizes =
      unknown === 1 && !shape.includes(0)
        ? this.constant(
            shape.map((dim) => (typeof dim === 'number' ? dim : -1)),
            'int32',
          )
        : this.shape(shape);
    const { dtype } = x;
    return this.op(
      'Reshape',
      [x, sizes],
      { T: { type: dtype }, Tshape: { type: 'int32' } },
      { dtype, shape },
    );
  }

  transpose(x: TfTensor, axes: readonly number[]): TfTensor {
    if (axes.every((axis, i) => axis === i)) return x;
    const { dtype } = x;
    const shape = axes.map((axis) => x.shape[axis]!);
    const order = this.constant(axes, 'int32');
    return this.op(
      'Transpose',
      [x, order],
      { T: { type: dtype }, Tperm: { type: 'int32' } },
      { dtype, shape },
    );
  }

  stretch(x: TfTensor, shape: Shape): TfTensor {
    if (sameShape(x.shape, shape)) return x;
    const { dtype } = x;
    const attributes = { T: { type: dtype }, Tidx: { type: 'int32' } } as const;
    return this.op('BroadcastTo', [x, this.shape(shape)], attributes, { dtype, shape });
  }

  range(count: Dim): TfTensor {
    const bounds = [this.constant(0, 'int32'), this.size(count), this.constant(1, 'int32')];
    return this.op('Range', bounds, { Tidx: { type: 'int32' } }, { dtype: 'int32', shape: [count] });
  }

  #tensors(inputs: readonly TfLike[]): TfTensor[] {
    const typed = inputs.find((input) => typeof input !== 'number');
    if (typeof typed !== 'object') throw new Error('internal: an op on plain numbers only');
    return inputs.map((input) => (typeof input === 'number' ? this.constant(input, typed.dtype) : input));
  }

  #once(key: string | undefined, make: () => TfTensor): TfTensor {
    const before = key === undefined ? undefined : this.#known.get(key);
    const tensor = before ?? make();
    if (key !== undefined) this.#known.set(key, tensor);
    return tensor;
  }
}

/** The shape that elementwise ops stretch their inputs to. */
export function joint(tensors: readonly { readonly shape: Shape }[]): Shape {
  return tensors.reduce<Shape>((shape, tensor) => {
    const both = broadcastShapes(shape, tensor.shape);
    if (!both) throw new Error(`internal: [${shape}] does not stretch with [${tensor.shape}]`);
    return both;
  }, []);
}

function attributeValue(value: TfAttribute): AttributeValue {
  if (typeof value === 'number') return { int: value };
  if (typeof value === 'boolean') return { flag: value };
  if (typeof value === 'string') return { text: value };
  return Array.isArray(value)
    ? { ints: value }
    : (value as Exclude<AttributeValue, { readonly tensor: unknown }>);
}

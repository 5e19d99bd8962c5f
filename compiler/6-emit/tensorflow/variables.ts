/** State as TensorFlow's resource variables: one for all programs, and the ways to read and set each from outside. */
import type { StateEntry } from '../../module.ts';
import type { TfTensor } from '../../op/tensorflow.ts';
import type { Builder } from './builder.ts';
import type { NodeList } from './node-list.ts';

/** The tensors by which a variable is read and set. */
export interface VariableEndpoint {
  /** To be fetched. */
  readonly read: string;
  /** To be fed with the new values. */
  readonly value: string;
  /** To be fetched so that the new values are set. */
  readonly written: string;
}

interface Variable {
  readonly entry: StateEntry;
  readonly handle: TfTensor;
}

export class Variables {
  readonly #variables = new Map<string, Variable>();

  constructor(list: NodeList, state: readonly StateEntry[]) {
    for (const entry of state) {
      const { id: name, dtype, shape } = entry;
      const handle = list.add(name, 'VarHandleOp', [], {
        container: { text: '' },
        shared_name: { text: name },
        dtype: { type: dtype },
        shape: { shape },
      });
      this.#variables.set(name, { entry, handle: { name: handle, dtype: 'resource', shape: [] } });
    }
  }

  /** The variable itself, for kernels that set it. */
  handle(name: string): TfTensor {
    return this.#of(name).handle;
  }

  /** The present value. */
  read(tf: Builder, name: string, label: string): TfTensor {
    const { handle, entry } = this.#of(name);
    const { dtype, shape } = entry;
    const read = tf.node('ReadVariableOp', [handle], { dtype: { type: dtype } }, [], `${label}/Read`);
    return { name: read, dtype, shape };
  }

  /** Sets the variable once the nodes named in `after` have run; gives the name of the node that does. */
  assign(tf: Builder, name: string, value: TfTensor, after: readonly string[]): string {
    const { handle, entry } = this.#of(name);
    const attributes = { dtype: { type: entry.dtype }, validate_shape: false };
    return tf.node('AssignVariableOp', [handle, value], attributes, after);
  }

  /** The ways in and out of every variable. */
  endpoints(tf: Builder): Record<string, VariableEndpoint> {
    const found: Record<string, VariableEndpoint> = {};
    for (const [name, { entry, handle }] of this.#variables) {
      const { dtype, shape } = entry;
      tf.label = `read/${name}`;
      const read = this.read(tf, name, tf.label);
      tf.label = `write/${name}`;
      const value = tf.op('Placeholder', [], { dtype: { type: dtype }, shape: { shape } }, { dtype, shape });
      const attributes = { dtype: { type: dtype }, validate_shape: false };
      const assigned = tf.node('AssignVariableOp', [handle, owned(tf, value)], attributes);
      const written = tf.node('Identity', [tf.constant(1, 'bool')], { T: { type: 'bool' } }, [assigned]);
      found[name] = { read: read.name, value: value.name, written };
    }
    return found;
  }

  /** A node that gives every variable the values that `initial` makes for it. */
  initializer(tf: Builder, initial: (entry: StateEntry) => TfTensor): string {
    const assigned = [...this.#variables].map(([name, { entry }]) => {
      tf.label = `initial/${name}`;
      return this.assign(tf, name, initial(entry), []);
    });
    return tf.node('NoOp', [], {}, assigned, 'initial');
  }

  #of(name: string): Variable {
    const found = this.#variables.get(name);
    if (!found) throw new Error(`internal: there is no variable ${name}`);
    return found;
  }
}

/**
 * A copy of the value. An assignment keeps the memory that it is given, and memory that came from outside must not live on
 * in a variable: its owner changes it, and must itself let it go.
 */
export function owned(tf: Builder, value: TfTensor): TfTensor {
  const { dtype, shape } = value;
  return tf.op('DeepCopy', [value], { T: { type: dtype } }, { dtype, shape });
}

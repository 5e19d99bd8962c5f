/** The nodes of a TensorFlow graph as they are made, each with a name of its own. */
import type { TfDType } from '../../op/tensorflow.ts';
import type { AttributeValue, NodeDef } from './graph-def.ts';

export class NodeList {
  readonly nodes: NodeDef[] = [];
  readonly #taken = new Map<string, number>();

  /** Adds a node and gives its name, which is the one wished for where that is free. */
  add(
    wish: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
  ): string {
    const name = this.#free(wish);
    this.nodes.push({ name, op, inputs, attributes });
    return name;
  }

  #free(wish: string): string {
    const base = tensorflowName(wish);
    // TensorFlow keeps some file systems' habit: names that differ in case only are one scope to its tools.
    const key = base.toLowerCase();
    const count = this.#taken.get(key) ?? 0;
    this.#taken.set(key, count + 1);
    return count === 0 ? base : this.#free(`${base}_${count}`);
  }
}

/** The name in the letters that TensorFlow takes; scopes are told apart by a slash, so that its tools fold them. */
export function tensorflowName(name: string): string {
  const safe = name
    .replaceAll('∂', 'gradient_of_')
    .replaceAll('§', '')
    .replace(/[^\w/.-]/g, '_')
    .split(/[./]+/)
    .filter((part) => part !== '')
    .join('/');
  return /^[A-Za-z0-9]/.test(safe) ? safe : `n${safe}`;
}

/** Numbers as TensorFlow holds them in memory. */
export function contentOf(values: readonly number[], dtype: TfDType): Uint8Array {
  if (dtype === 'bool') return Uint8Array.from(values, (value) => Number(value !== 0));
  const Numbers = { float32: Float32Array, int32: Int32Array, uint32: Uint32Array }[
    dtype as 'float32' | 'int32' | 'uint32'
  ];
  return new Uint8Array(Numbers.from(values).buffer);
}

/** The reference engine: runs the simplified graphs by the meaning on the cards. The oracle, not the fast way. */

import { valueOf } from '../../../compiler/ir/dim.ts';
import { isColumn, isVariable } from '../../../compiler/ir/facts.ts';
import type { Graph } from '../../../compiler/ir/graph.ts';
import { topological } from '../../../compiler/ir/graph.ts';
import type { Node, TensorType } from '../../../compiler/ir/node.ts';
import { typeOf } from '../../../compiler/ir/node.ts';
import { concreteShape } from '../../../compiler/ir/symbols.ts';
import type { Module } from '../../../compiler/module.ts';
import { programCalled } from '../../../compiler/module.ts';
import type { Values } from '../../../compiler/op/values.ts';
import { filled, sizeOf } from '../../../compiler/op/values.ts';
import { byLength } from '../by-length.ts';
import type { Engine, Numbers, Runnable, Session } from '../engine.ts';
import { evaluate } from './evaluate.ts';

export const reference: Engine = byLength({
  name: 'reference',
  load: async (module) => new ReferenceSession(module),
});

class ReferenceSession implements Session {
  private readonly module: Module;
  private readonly state = new Map<string, Values>();
  private readonly programs = new Map<string, Runnable>();

  constructor(module: Module) {
    this.module = module;
    for (const { id, dtype, shape } of module.state) this.state.set(id, filled(dtype, shape, 0));
  }

  program(name: string): Runnable {
    let runnable = this.programs.get(name);
    if (!runnable) {
      const { graph } = programCalled(this.module, name);
      runnable = interpreted(graph, this.module.capacity, this.state);
      this.programs.set(name, runnable);
    }
    return runnable;
  }

  read(name: string): Numbers {
    const values = this.held(name);
    return values.dtype === 'float32' ? Float32Array.from(values.data) : Int32Array.from(values.data);
  }

  write(name: string, values: ArrayLike<number>): void {
    const { dtype, shape } = this.held(name);
    if (values.length !== sizeOf(shape))
      throw new Error(`internal: ${name} holds ${sizeOf(shape)} values, not ${values.length}`);
    this.state.set(name, stored({ dtype, shape, data: Float64Array.from(values) }));
  }

  dispose(): void {
    this.programs.clear();
  }

  private held(name: string): Values {
    const values = this.state.get(name);
    if (!values) throw new Error(`internal: there is no state ${name}`);
    return values;
  }
}

function interpreted(graph: Graph, capacity: number, state: Map<string, Values>): Runnable {
  const leaves = topological(graph).filter(({ card }) => card.kind === 'leaf');
  const columns = named(leaves.filter(isColumn));
  const held = named(leaves.filter(isVariable));
  const inputs = Object.fromEntries(columns.map(({ node, name }) => [name, numbers(typeOf(node), capacity)]));
  const outputs = Object.fromEntries(
    graph.outputs.map(({ name, value }) => [name, numbers(typeOf(value), capacity)]),
  );
  const roots = [...graph.outputs.map(({ value }) => value), ...graph.updates.map(({ value }) => value)];
  return {
    capacity,
    inputs,
    outputs,
    run(rows) {
      const sizes = { B: rows };
      const feeds = new Map<Node, Values>(held.map(({ node, name }) => [node, state.get(name)!]));
      for (const { node, name } of columns) {
        const shape = concreteShape(typeOf(node), sizes);
        const data = Float64Array.from(inputs[name]!.subarray(0, sizeOf(shape)));
        feeds.set(node, { dtype: typeOf(node).dtype, shape, data });
      }
      const values = evaluate(roots, feeds, sizes);
      graph.outputs.forEach(({ name }, i) => {
        outputs[name]!.set(values[i]!.data);
      });
      graph.updates.forEach(({ target }, i) => {
        state.set(target.name!, stored(values[graph.outputs.length + i]!));
      });
    },
  };
}

/** A state from step to step holds what `read` gives, so that what is written back goes on as if nothing had been. */
function stored(values: Values): Values {
  return values.dtype === 'float32' ? { ...values, data: values.data.map(Math.fround) } : values;
}

function named(leaves: readonly Node[]): { readonly node: Node; readonly name: string }[] {
  return leaves.flatMap((node) => (node.name === undefined ? [] : [{ node, name: node.name }]));
}

function numbers({ dtype, shape }: TensorType, capacity: number): Numbers {
  const size = shape.reduce<number>((n, dim) => n * valueOf(dim, { B: capacity }), 1);
  return dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
}

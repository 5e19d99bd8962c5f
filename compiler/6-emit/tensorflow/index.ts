/** Emits the programs of a pipeline as one TensorFlow graph in a SavedModel. */
import type { Module, StateEntry } from '../../module.ts';
import { programCalled } from '../../module.ts';
import type { TfTensor } from '../../op/tensorflow.ts';
import { Builder } from './builder.ts';
import type { Endpoint } from './emit-program.ts';
import { emitProgram } from './emit-program.ts';
import { NodeList } from './node-list.ts';
import type { Signature } from './saved-model.ts';
import { mark, savedModel, tag } from './saved-model.ts';
import type { VariableEndpoint } from './variables.ts';
import { Variables } from './variables.ts';

export type { Endpoint, Port } from './emit-program.ts';
export type { VariableEndpoint } from './variables.ts';
export { mark, tag };

/** A pipeline for TensorFlow: the model's file, and where in its graph each program and each state is found. */
export interface TensorflowModel {
  /** The bytes of `saved_model.pb`. */
  readonly bytes: Uint8Array;
  readonly programs: ReadonlyMap<string, Endpoint>;
  readonly state: Readonly<Record<string, VariableEndpoint>>;
}

export interface EmitOptions {
  readonly programs: readonly string[];
  /** What each state holds when the model is loaded; default zeros. */
  readonly values?: (state: string) => ArrayLike<number>;
  /** Which programs can be called by name, as SavedModel signatures. */
  readonly signatures?: Readonly<Record<string, string>>;
  /** Where all ops run; default TensorFlow's choice. */
  readonly device?: string;
}

/** One graph with all programs, over variables that they share. */
export function emitTensorflow(
  module: Pick<Module, 'name' | 'programs'> & { readonly state: readonly StateEntry[] },
  options: EmitOptions,
): TensorflowModel {
  const list = new NodeList();
  const variables = new Variables(list, module.state);
  const programs = new Map(
    options.programs.map((name) => [name, emitProgram(programCalled(module, name).graph, list, variables)]),
  );
  const tf = new Builder(list, 'state', () => {
    throw new Error('internal: state has no batch axis');
  });
  const state = variables.endpoints(tf);
  const initializer = variables.initializer(tf, ({ id, dtype, shape }) =>
    options.values
      ? tf.constant(Array.from(options.values(id)), dtype, shape)
      : tf.stretch(tf.constant(0, dtype), shape),
  );
  const signatures = Object.entries(options.signatures ?? {}).map(([name, program]): [string, Signature] => {
    const endpoint = programs.get(program);
    if (!endpoint) throw new Error(`internal: the signature ${name} is of a program that is not emitted`);
    const { inputs, outputs } = endpoint;
    return [name, { inputs: named(inputs), outputs: named(outputs) }];
  });
  return {
    bytes: savedModel({
      nodes: list.nodes,
      initializer,
      signatures: Object.fromEntries(signatures),
      device: options.device,
    }),
    programs,
    state,
  };
}

function named(ports: Endpoint['inputs']): Record<string, TfTensor> {
  return Object.fromEntries(ports.map(({ name, tensor }) => [name, tensor]));
}

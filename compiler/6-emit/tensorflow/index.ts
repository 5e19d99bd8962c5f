/** Emits the programs of a pipeline as one TensorFlow graph in a SavedModel. */
import type { Compiled } from '../../compiled.ts';
import type { ProgramName } from '../../ir/graph.ts';
import type { TfTensor } from '../../op/tensorflow.ts';
import { Builder } from './builder.ts';
import type { Endpoint } from './emit-program.ts';
import { emitProgram } from './emit-program.ts';
import { NodeList } from './node-list.ts';
import type { Signature } from './saved-model.ts';
import { savedModel, tag } from './saved-model.ts';
import type { VariableEndpoint } from './variables.ts';
import { Variables } from './variables.ts';

export type { Endpoint, Port } from './emit-program.ts';
export type { VariableEndpoint } from './variables.ts';
export { tag };

/** A pipeline for TensorFlow: the model's file, and where in its graph each program and each state is found. */
export interface TensorflowModel {
  /** The bytes of `saved_model.pb`. */
  readonly bytes: Uint8Array;
  readonly programs: Readonly<Partial<Record<ProgramName, Endpoint>>>;
  readonly state: Readonly<Record<string, VariableEndpoint>>;
}

export interface EmitOptions {
  readonly programs: readonly ProgramName[];
  /** What each state holds when the model is loaded; default zeros. */
  readonly values?: (state: string) => ArrayLike<number>;
  /** Which programs can be called by name, as SavedModel signatures. */
  readonly signatures?: Readonly<Record<string, ProgramName>>;
  /** Where all ops run; default TensorFlow's choice. */
  readonly device?: string;
}

type Emitted = Pick<Compiled, 'state'> & {
  readonly programs: Readonly<Record<ProgramName, Pick<Compiled['programs']['step'], 'graph'>>>;
};

/** One graph with all programs, over variables that they share. */
export function emitTensorflow(compiled: Emitted, options: EmitOptions): TensorflowModel {
  const list = new NodeList();
  const variables = new Variables(list, compiled.state);
  const programs = Object.fromEntries(
    options.programs.map((name) => [name, emitProgram(compiled.programs[name].graph, list, variables)]),
  ) as Readonly<Partial<Record<ProgramName, Endpoint>>>;
  const tf = new Builder(list, 'state', () => {
    throw new Error('internal: state has no batch axis');
  });
  const state = variables.endpoints(tf);
  const initializer = variables.initializer(tf, ({ name, dtype, shape }) =>
    options.values
      ? tf.constant(Array.from(options.values(name)), dtype, shape)
      : tf.stretch(tf.constant(0, dtype), shape),
  );
  const signatures = Object.entries(options.signatures ?? {}).map(([name, program]): [string, Signature] => {
    const { inputs, outputs } = programs[program]!;
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

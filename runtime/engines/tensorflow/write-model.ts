/** Writes a pipeline's graph where TensorFlow loads it from, and shares out the memory for its numbers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Endpoint } from '../../../compiler/6-emit/tensorflow/index.ts';
import { emitTensorflow } from '../../../compiler/6-emit/tensorflow/index.ts';
import type { Module } from '../../../compiler/module.ts';
import type { Assignment, PortSlot, ProgramSlots, StateSlot } from './shared-memory.ts';
import { Layout } from './shared-memory.ts';

export interface AssignOptions {
  /** The native module. */
  readonly binding: string;
  /** An empty folder for the model's file. */
  readonly directory: string;
  readonly device: 'auto' | 'cpu';
}

export async function assign(
  module: Module,
  names: readonly string[],
  { binding, directory, device }: AssignOptions,
): Promise<Assignment> {
  const model = emitTensorflow(module, {
    programs: names,
    ...(device === 'cpu' && { device: '/device:CPU:0' }),
  });
  const layout = new Layout();
  const programs = [...model.programs].map(([name, endpoint]) => ({
    name,
    ...slotsOf(endpoint, layout, module.capacity),
  }));
  const state = module.state.map(({ id, dtype, shape }): StateSlot => {
    const { read, value, written } = model.state[id]!;
    return { ...layout.slot(dtype, shape, 1), name: id, read, value, written };
  });
  await writeFile(join(directory, 'saved_model.pb'), model.bytes);
  return { binding, directory, memory: new SharedArrayBuffer(layout.bytes), programs, state };
}

function slotsOf(
  { inputs, outputs, rows, done }: Endpoint,
  layout: Layout,
  capacity: number,
): Omit<ProgramSlots, 'name'> {
  const slot = ({ name, tensor }: Endpoint['inputs'][number]): PortSlot => ({
    // Ports carry columns and outputs, which have our own dtypes.
    ...layout.slot(tensor.dtype as PortSlot['dtype'], tensor.shape, capacity),
    name,
    tensor: tensor.name,
  });
  return {
    inputs: inputs.map(slot),
    outputs: outputs.map(slot),
    done,
    ...(rows !== undefined && { rows }),
  };
}

/** Loads a saved model: it predicts and judges without the source that it was trained from. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vocabulary } from 'millrace';
import { assemble } from '../../compiler/assemble.ts';
import { refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN808, RUN809 } from '../../compiler/diagnostics/run.ts';
import type { Graph, ProgramName } from '../../compiler/ir/graph.ts';
import { programNames } from '../../compiler/ir/graph.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { verify } from '../../compiler/ir/verify.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import type { EngineChoice } from '../engines/choose.ts';
import { chooseEngine } from '../engines/choose.ts';
import { Model } from '../model/model.ts';
import { Machine } from '../run/machine.ts';
import { Damaged } from './damaged.ts';
import type { ModelFile } from './model-file.ts';
import { modelFileName, readModelFile, sha256, weightsFileName } from './model-file.ts';
import { previousOf } from './replace-directory.ts';
import type { StoredTensor } from './safetensors.ts';
import { decodeSafetensors } from './safetensors.ts';
import { pathOf } from './save.ts';

export interface LoadOptions {
  /** Default `wasm`. */
  readonly engine?: EngineChoice;
}

/** Every byte is checked before anything is made of it; nothing in the files can name code. */
export async function load<S extends Schema = Schema, Out extends Tensors = Tensors>(
  directory: string | URL,
  options: LoadOptions = {},
): Promise<Model<S, Out>> {
  const { open } = chooseEngine(options.engine);
  const path = await whole(pathOf(directory));
  const text = await contentOf(join(path, modelFileName));
  const file = checked(join(path, modelFileName), () => readModelFile(text.toString('utf8')));
  const bytes = await contentOf(join(path, weightsFileName));
  const weights = checked(join(path, weightsFileName), () => weightsOf(bytes, file));
  const compiled = checked(join(path, modelFileName), () => {
    const { name, schema, metrics, outputs, capacity, state } = file;
    return assemble({ name, schema, metrics, outputs, capacity, state, graphs: graphsOf(file), vocabulary });
  });
  const session = await (await open()).load(compiled, { programs: ['evaluate', 'predict'] });
  const machine = new Machine(compiled, session);
  for (const [name, { values }] of weights) session.write(name, values);
  machine.writeSeed(file.seed);
  return new Model<S, Out>(machine, file.seed, undefined);
}

/** A crash while a model was being replaced may have left it under its other name. */
async function whole(path: string): Promise<string> {
  const found = (candidate: string): Promise<boolean> =>
    readFile(join(candidate, modelFileName)).then(
      () => true,
      () => false,
    );
  return !(await found(path)) && (await found(previousOf(path))) ? previousOf(path) : path;
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    return refuseBecause(
      RUN808({
        message: `the model cannot be read: ${saying(error)}`,
        span: placeIn(path),
        expected: `a directory with ${modelFileName} and ${weightsFileName}`,
        received: path,
      }),
      error,
    );
  }
}

function weightsOf(bytes: Uint8Array, file: ModelFile): ReadonlyMap<string, StoredTensor> {
  const { weights, state } = file;
  if (bytes.length !== weights.bytes) {
    throw new Damaged(
      `the file has ${bytes.length} bytes instead of ${weights.bytes}`,
      Math.min(bytes.length, weights.bytes),
    );
  }
  if (sha256(bytes) !== weights.sha256) throw new Damaged('the checksum of the file does not fit', 0);
  const tensors = decodeSafetensors(bytes);
  const wanted = state.filter(({ role }) => role === 'param' || role === 'state');
  for (const { name, dtype, shape } of wanted) {
    const tensor = tensors.get(name);
    const fits = tensor?.dtype === dtype && tensor.shape.join() === shape.join();
    if (!fits) throw new Damaged(`there is no ${name} of ${dtype}[${shape.join(', ')}]`, 8);
  }
  if (tensors.size !== wanted.length) throw new Damaged('there are tensors that the model does not have', 8);
  return tensors;
}

function graphsOf(file: ModelFile): Record<ProgramName, Graph> {
  const graphs = programNames.map((program) => {
    const graph = parse(file.programs[program], vocabulary, `${file.name}.${program}`);
    const broken = verify(graph);
    if (broken.length > 0) throw new DiagnosticError(broken);
    return [program, graph];
  });
  return Object.fromEntries(graphs) as Record<ProgramName, Graph>;
}

/** Says of which file the damage is. */
function checked<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Damaged || error instanceof DiagnosticError)) throw error;
    const at = error instanceof Damaged && error.offset > 0 ? ` (at byte ${error.offset})` : '';
    return refuseBecause(
      RUN809({
        message: `the saved model is damaged: ${error.message}${at}`,
        span: placeIn(path),
        expected: 'the file as it was saved',
        received: path,
        hint: 'save the model again, or take it from a backup',
      }),
      error,
    );
  }
}

function placeIn(file: string): { file: string; line: 1; column: 1; endLine: 1; endColumn: 1 } {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/** Reads a saved model from its folder: what it was compiled to, and the values of its state. Nothing is run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vocabulary } from 'millrace';
import type { Compiled } from '../../compiler/compile.ts';
import { refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN808, RUN809 } from '../../compiler/diagnostics/run.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { topOf } from '../../compiler/ir/span.ts';
import { verify } from '../../compiler/ir/verify.ts';
import type { Module } from '../../compiler/module.ts';
import { programOf } from '../../compiler/module.ts';
import type { Card } from '../../compiler/op/card.ts';
import type { Handed } from '../../compiler/op/user-vocabulary.ts';
import { withUsed } from '../../compiler/op/vocabulary.ts';
import type { Numbers } from '../engines/engine.ts';
import { Damaged } from './damaged.ts';
import { cardsOf } from './foreign-ops.ts';
import type { ModelFile } from './model-file.ts';
import { modelFileName, readModelFile, sha256, weightsFileName } from './model-file.ts';
import { previousOf } from './replace-directory.ts';
import { decodeSafetensors } from './safetensors.ts';
import { pathOf } from './save.ts';

export interface SavedModel {
  readonly compiled: Compiled;
  /** Weights and layers' state, by id. */
  readonly values: ReadonlyMap<string, Numbers>;
  readonly seed: number;
}

/** RUN808 where there is no model, RUN809 where one is damaged, RUN813 where ops are missing that are not Millrace's own. */
export async function readModel(
  directory: string | URL,
  handed: readonly Handed[] = [],
): Promise<SavedModel> {
  const path = await whole(pathOf(directory));
  const text = await contentOf(join(path, modelFileName));
  const file = checked(join(path, modelFileName), () => readModelFile(text.toString('utf8')));
  const bytes = await contentOf(join(path, weightsFileName));
  const values = checked(join(path, weightsFileName), () => weightsOf(bytes, file));
  const foreign = cardsOf(file.foreign, handed, topOf(join(path, modelFileName)));
  const cards = new Map([...vocabulary.cards, ...foreign]);
  const programs = checked(join(path, modelFileName), () => programsOf(file, cards));
  const { name, capacity, state, contract, seed } = file;
  return {
    compiled: {
      contract,
      module: { name, capacity, state, programs, vocabulary: withUsed(vocabulary, foreign.values()) },
    },
    values,
    seed,
  };
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
        span: topOf(path),
        expected: `a directory with ${modelFileName} and ${weightsFileName}`,
        received: path,
      }),
      error,
    );
  }
}

function weightsOf(bytes: Uint8Array, file: ModelFile): ReadonlyMap<string, Numbers> {
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
  for (const { id, dtype, shape } of wanted) {
    const tensor = tensors.get(id);
    const fits = tensor?.dtype === dtype && tensor.shape.join() === shape.join();
    if (!fits) throw new Damaged(`there is no ${id} of ${dtype}[${shape.join(', ')}]`, 8);
  }
  if (tensors.size !== wanted.length) throw new Damaged('there are tensors that the model does not have', 8);
  return new Map([...tensors].map(([id, { values }]) => [id, values]));
}

function programsOf({ name, programs }: ModelFile, cards: ReadonlyMap<string, Card>): Module['programs'] {
  const graphs = programs.map(([program, text]): Graph => {
    const graph = parse(text, { cards }, `${name}.${program}`);
    const broken = verify(graph);
    if (broken.length > 0) throw new DiagnosticError(broken);
    if (graph.program !== program)
      throw new Damaged(`the program ${program} calls itself ${graph.program}`, 0);
    return graph;
  });
  return new Map(graphs.map((graph) => [graph.program, programOf(graph)]));
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
        span: topOf(path),
        expected: 'the file as it was saved',
        received: path,
        hint: 'save the model again, or take it from a backup',
      }),
      error,
    );
  }
}

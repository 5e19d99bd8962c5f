/** Reads a saved model from its folder: what it was compiled to, and the values of its state. Nothing is run. */
import { join } from 'node:path';
import { vocabulary } from 'millrace';
import type { Compiled } from '../../../compiler/compile.ts';
import { saying } from '../../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import type { Graph } from '../../../compiler/ir/graph.ts';
import { parse } from '../../../compiler/ir/parse.ts';
import { topOf } from '../../../compiler/ir/span.ts';
import { verify } from '../../../compiler/ir/verify.ts';
import { lengthsIn } from '../../../compiler/lengths.ts';
import type { Module } from '../../../compiler/module.ts';
import { isOfModel, programOf } from '../../../compiler/module.ts';
import type { Card } from '../../../compiler/op/card.ts';
import type { Handed } from '../../../compiler/op/user-vocabulary.ts';
import { withUsed } from '../../../compiler/op/vocabulary.ts';
import type { Numbers } from '../../engines/engine.ts';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from '../folder/file-system.ts';
import { nodeFileSystem } from '../folder/node-file-system.ts';
import { refuseToRead } from '../refusals.ts';
import type { Tensors } from '../safetensors.ts';
import { checkModule } from './check-module.ts';
import { cardsOf } from './foreign-ops.ts';
import type { ModelFile } from './model-file.ts';
import { readModelFile } from './model-file.ts';
import type { OnDamaged } from './model-folder.ts';
import { readModelFolder } from './model-folder.ts';
import { pathOf } from './save.ts';

export interface SavedModel {
  readonly compiled: Compiled;
  /** Weights and layers' state, by id. */
  readonly values: ReadonlyMap<string, Numbers>;
  /** What training goes on with, as it was saved: by id. */
  readonly training: Tensors;
  readonly seed: number;
}

export interface ReadOptions {
  readonly handed?: readonly Handed[] | undefined;
  /** Hears of generations of checkpoints that were passed over. Default: a warning of the process. */
  readonly onDamaged?: OnDamaged | undefined;
}

/**
 * From a folder with a saved model, one with checkpoints, of which the newest that is whole is taken, or a checkpoint in
 * it. RUN808 where there is none, RUN809 where it is damaged, RUN813 where ops are missing that are not Millrace's own.
 */
export async function readModel(
  directory: string | URL,
  { handed = [], onDamaged = warn }: ReadOptions = {},
  fs: FileSystem = nodeFileSystem,
): Promise<SavedModel> {
  const path = pathOf(directory);
  let folder = path;
  try {
    const found = await readModelFolder(fs, path, onDamaged);
    folder = found.folder;
    const model = within(found.programFile, () => readModelFile(found.program));
    const values = within(found.weightsFile, () => weightsOf(found.weights, model, found.isCheckpoint));
    const foreign = cardsOf(model.foreign, handed, topOf(join(folder, found.manifestFile)));
    const cards = new Map([...vocabulary.cards, ...foreign]);
    const compiled = within(found.programFile, () => compiledOf(model, cards, [...foreign.values()]));
    return { compiled, values, training: found.training, seed: model.seed };
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    return refuseToRead(error, { what: 'the saved model', folder });
  }
}

function warn(name: string, reason: string): void {
  process.emitWarning(`the checkpoint ${name} is damaged, and an older one is taken: ${reason}`);
}

/** What a program's text was compiled to. Throws Damaged, or refuses, where the text is not one of ours. */
export function compiledOf(
  model: ModelFile,
  cards: ReadonlyMap<string, Card> = vocabulary.cards,
  foreign: readonly Card[] = [],
): Compiled {
  const { name, capacity, state, contract } = model;
  const programs = programsOf(model, cards);
  const module = { name, capacity, state, programs, vocabulary: withUsed(vocabulary, foreign) };
  checkModule(module, contract);
  const lengths = lengthsIn(programs.keys(), contract, model.lengths ?? []);
  return { contract, module: lengths ? { ...module, lengths } : module };
}

/** The weights and layers' states that the program has, each of its dtype and shape. */
function weightsOf(
  tensors: Tensors,
  { state }: ModelFile,
  isCheckpoint: boolean,
): ReadonlyMap<string, Numbers> {
  const wanted = state.filter(isOfModel);
  const values = new Map<string, Numbers>();
  for (const { id, dtype, shape } of wanted) {
    const tensor = tensors.get(id);
    if (tensor?.dtype !== dtype || tensor.shape.join() !== shape.join())
      throw new Damaged(`there is no ${id} of ${dtype}[${shape.join(', ')}]`, 8);
    values.set(id, tensor.values);
  }
  // A checkpoint holds what training needs beside them.
  const known = new Set((isCheckpoint ? state : wanted).map(({ id }) => id));
  if ([...tensors.keys()].some((id) => !known.has(id)))
    throw new Damaged('there are tensors that the model does not have', 8);
  return values;
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

/** Says of which file the damage is; whatever else goes wrong with what was read is damage, too. */
function within<T>(file: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof Damaged) throw new Damaged(error.message, error.offset, error.file ?? file, error);
    throw new Damaged(saying(error), 0, file, error);
  }
}

/** Finds the model in a folder: a saved one, or that of a checkpoint. */
import { basename, dirname } from 'node:path';
import { Absent } from '../absent.ts';
import type { Checkpoint, OnDamaged } from '../checkpoints/generation.ts';
import { newestCheckpoint } from '../checkpoints/newest.ts';
import { generationName, readCheckpoint } from '../checkpoints/read.ts';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from '../folder/file-system.ts';
import { readFolder } from '../folder/read-folder.ts';
import { tensorsIn, textIn } from '../parts.ts';
import type { Tensors } from '../safetensors.ts';
import { modelFileName } from './model-file.ts';

export type { OnDamaged };

export interface ModelFolder {
  readonly folder: string;
  readonly manifestFile: string;
  readonly isCheckpoint: boolean;
  readonly program: string;
  readonly weights: Tensors;
  /** What training goes on with beside the weights; empty where it was not saved. */
  readonly training: Tensors;
  /** The names of the files, for messages. */
  readonly programFile: string;
  readonly weightsFile: string;
}

/** Throws Damaged where it is not as it was written, and an error where there is none. */
export async function readModelFolder(
  fs: FileSystem,
  path: string,
  onDamaged: OnDamaged,
): Promise<ModelFolder> {
  const whole = await readFolder(fs, path, modelFileName, ['program', 'weights', 'training']);
  if (whole) {
    const [program, weights] = [textIn(whole, 'program'), tensorsIn(whole, 'weights')];
    if (program === undefined || !weights) throw new Damaged('a part is missing', 0, modelFileName);
    const file = (role: string): string => whole.parts.get(role)?.file ?? modelFileName;
    const files = { programFile: file('program'), weightsFile: file('weights') };
    return {
      folder: path,
      manifestFile: modelFileName,
      isCheckpoint: false,
      program,
      weights,
      training: tensorsIn(whole, 'training') ?? new Map(),
      ...files,
    };
  }
  const name = generationName(basename(path));
  if (name !== undefined) {
    const one = await readCheckpoint(fs, dirname(path), name);
    if (one) return ofCheckpoint(dirname(path), one);
  }
  const passed: string[] = [];
  const newest = await newestCheckpoint(fs, path, (passedOver, reason) => {
    passed.push(`${passedOver}: ${reason}`);
    onDamaged(passedOver, reason);
  });
  if (newest) return ofCheckpoint(path, newest);
  if (passed.length > 0) throw new Damaged(`no checkpoint is whole; ${passed[0]}`, 0);
  throw new Absent(`there is neither ${modelFileName} nor a checkpoint in it`);
}

function ofCheckpoint(folder: string, { generation, program, tensors }: Checkpoint): ModelFolder {
  const weights = tensors.get('weights');
  const file = `${generation.name}.json`;
  if (!weights) throw new Damaged('there are no weights', 0, file);
  return {
    folder,
    manifestFile: file,
    isCheckpoint: true,
    training: tensors.get('training') ?? new Map(),
    program,
    weights,
    programFile: file,
    weightsFile: file,
  };
}

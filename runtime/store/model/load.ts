/** Loads a saved model: it predicts and evaluates without the source that it was trained from. */

import type { Handed } from '../../../compiler/op/user-vocabulary.ts';
import type { Schema } from '../../../dsl/column.ts';
import type { Programs } from '../../../dsl/program.ts';
import type { Tensors } from '../../../dsl/tensor.ts';
import type { EngineChoice } from '../../engines/choose.ts';
import { chooseEngine } from '../../engines/choose.ts';
import { Model } from '../../model/model.ts';
import { checkOptions, rule } from '../../run/check-options.ts';
import { LoadedPipeline } from '../../run/loaded-pipeline.ts';
import { readModel } from './read-model.ts';

export interface LoadOptions {
  /** Default `wasm`. */
  readonly engine?: EngineChoice | undefined;
  /**
   * The vocabularies of packages, and ops of the program's own, that the model was saved with. Nothing is loaded by name: an
   * op that is not handed over is refused with RUN813, and never another of the same name taken.
   */
  readonly vocabulary?: readonly Handed[] | undefined;
  /** Hears of checkpoints that are damaged, for which an older one is taken. Default: a warning of the process. */
  readonly onDamaged?: ((name: string, reason: string) => void) | undefined;
}

/**
 * From a folder that `model.save` wrote, one with checkpoints, of which the newest that is whole is taken, or one checkpoint:
 * `load('runs/power/checkpoint-000000000500')`. Every byte is checked before anything is made of it; nothing in the files
 * can name code.
 */
export async function load<
  S extends Schema = Schema,
  Out extends Tensors = Tensors,
  Own extends Programs = Programs,
>(directory: string | URL, options: LoadOptions = {}): Promise<Model<S, Out, Own>> {
  checkOptions('load', options, { engine: rule.any, vocabulary: rule.any, onDamaged: rule.any });
  const { open } = chooseEngine(options.engine);
  const { compiled, values, training, seed } = await readModel(directory, {
    handed: options.vocabulary,
    onDamaged: options.onDamaged,
  });
  const { evaluate, answers } = compiled.contract;
  const programs = [evaluate.program, ...answers.map(({ program }) => program)];
  const session = await (await open()).load(compiled.module, { programs });
  const loaded = new LoadedPipeline(compiled, session, training);
  for (const [id, numbers] of values) session.write(id, numbers);
  loaded.writeSeed(seed);
  return new Model<S, Out, Own>(loaded, seed, undefined);
}

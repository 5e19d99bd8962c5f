/** `millrace export [FILE] --model DIR --out DIR [--format savedmodel|safetensors] [--training]` */
import type { Compiled } from '../../compiler/compile.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN808 } from '../../compiler/diagnostics/run.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { isOfModel } from '../../compiler/module.ts';
import { sizeOf } from '../../compiler/op/values.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import { LoadedPipeline } from '../../runtime/run/loaded-pipeline.ts';
import { exportWeights } from '../../runtime/store/export/export-model.ts';
import { exportSavedModel } from '../../runtime/store/export/export-saved-model.ts';
import type { SavedModel } from '../../runtime/store/model/read-model.ts';
import { readModel } from '../../runtime/store/model/read-model.ts';
import { tensorsOf } from '../../runtime/store/safetensors.ts';
import type { Command } from '../command.ts';
import { requiredFlag, textFlag } from '../command.ts';
import { Refused } from '../open-file.ts';
import { print } from '../output.ts';
import { reportRefused } from '../report.ts';
import { programOf } from '../same-program.ts';
import { UsageError } from '../usage-error.ts';

export const exportModel: Command['run'] = async ({ files, flags }) => {
  const training = flags.training === true;
  if (training && files.length === 0)
    throw new UsageError('--training needs the program, which a saved model does not hold: FILE', 'export');
  const chosen = await programOf(files, flags);
  if (chosen instanceof Refused) return reportRefused(chosen);
  const contents = await readModel(requiredFlag(flags, 'model'));
  const directory = requiredFlag(flags, 'out');
  if (textFlag(flags, 'format') === 'safetensors') {
    const { compiled, values } = contents;
    await exportWeights(
      tensorsOf(compiled.module.state, (id) => values.get(id)),
      directory,
    );
  } else {
    const compiled = training && chosen ? chosen.compiled : contents.compiled;
    const values = await valuesFor(compiled, contents, training);
    await exportSavedModel({ compiled, values, training }, directory);
  }
  print(directory);
  return 0;
};

function unlike(state: string): Diagnostic {
  return RUN808({
    message: `the model was not saved from this pipeline: it has no such ${state}`,
    span: nowhere,
    expected: 'the pipeline that the model was trained with',
    received: 'another one, or one that has changed since',
    hint: 'without --training the model is exported as it was saved',
  });
}

/** The saved values; for training also those that the optimizer and the metrics begin with. */
async function valuesFor(
  compiled: Compiled,
  { values, seed }: SavedModel,
  training: boolean,
): Promise<(state: string) => ArrayLike<number>> {
  const strange = compiled.module.state.find(
    (entry) => isOfModel(entry) && values.get(entry.id)?.length !== sizeOf(entry.shape),
  );
  if (strange) refuse(unlike(strange.label));
  const first = new Map<string, ArrayLike<number>>();
  if (training) {
    const session = await wasm.load(compiled.module, { programs: [compiled.contract.init.program] });
    new LoadedPipeline(compiled, session).initialise(seed);
    for (const { id } of compiled.module.state) first.set(id, session.read(id));
    session.dispose();
  }
  const zeros = new Map(compiled.module.state.map(({ id, shape }) => [id, new Float32Array(sizeOf(shape))]));
  return (state) => values.get(state) ?? first.get(state) ?? zeros.get(state)!;
}

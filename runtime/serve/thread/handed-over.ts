/** Answers by weights that another thread hands over, in a session of this thread's own. */
import { wasmEngine } from '../../engines/wasm/index.ts';
import { Model } from '../../model/model.ts';
import { LoadedPipeline } from '../../run/loaded-pipeline.ts';
import { readModelFile } from '../../store/model/model-file.ts';
import { compiledOf } from '../../store/model/read-model.ts';
import type { Served, ServedModel } from '../served.ts';
import type { HandedOver } from '../serving.ts';

export class HandedOverModel implements Served {
  current: ServedModel | undefined;
  readonly failures = 0;
  private opened: { readonly loaded: LoadedPipeline; readonly model: Model } | undefined;

  /** One session for all versions: they are of one program. */
  async open(text: string): Promise<void> {
    const file = readModelFile(text);
    const compiled = compiledOf(file);
    const programs = compiled.contract.answers.map(({ program }) => program);
    // One thread: the others have a step to compute.
    const session = await wasmEngine({ threads: 1 }).load(compiled.module, { programs });
    const loaded = new LoadedPipeline(compiled, session);
    loaded.writeSeed(file.seed);
    this.opened = { loaded, model: new Model(loaded, file.seed, undefined) };
  }

  take({ version, step, values }: HandedOver): void {
    if (!this.opened) throw new Error('internal: weights came before their program');
    const { loaded, model } = this.opened;
    for (const [id, numbers] of values) loaded.session.write(id, numbers);
    this.current = { version, step, model };
  }

  close(): void {
    this.current = undefined;
    this.opened?.model.dispose();
  }
}

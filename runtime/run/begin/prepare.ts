/** What a run needs before it is announced: its programs, compiled and loaded, its checkpoints, and what it goes on from. */
import type { EventLoopSlices } from '../event-loop-slices.ts';
import { RunCheckpoints } from '../keep/run-checkpoints.ts';
import { LoadedPipeline } from '../loaded-pipeline.ts';
import type { RunParts } from '../parts.ts';
import type { Found } from './starting-point.ts';
import { foundFor } from './starting-point.ts';

export interface Prepared {
  readonly loaded: LoadedPipeline;
  readonly found: Found;
  readonly checkpoints: RunCheckpoints;
}

/** Rests after each part that takes long. Where it fails, the directories of checkpoints are given back. */
export async function prepare(
  { engine, compile, validation, hooks, span, settings }: RunParts,
  slices: EventLoopSlices,
): Promise<Prepared> {
  const compiled = compile();
  await slices.rest();
  const session = await (await engine.open()).load(compiled.module);
  const { init, fit, step, evaluate } = compiled.contract;
  for (const { program } of [...(fit ? [fit] : []), step, ...(validation ? [evaluate] : [])]) {
    session.program(program);
    await slices.rest();
  }
  const checkpoints = await RunCheckpoints.open(hooks, span, settings.resume !== false);
  try {
    const found = await foundFor(settings, checkpoints.first);
    // What is gone on with has its values, as a rule.
    if (!found.point) {
      session.program(init.program);
      await slices.rest();
    }
    return { loaded: new LoadedPipeline(compiled, session), found, checkpoints };
  } catch (error) {
    await checkpoints.close();
    throw error;
  }
}

/** Trains a pipeline, in the open: everything that happens is an event. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN801 } from '../../compiler/diagnostics/run.ts';
import { compile } from '../../compiler/index.ts';
import { siteSpan } from '../../compiler/ir/site.ts';
import type { Schema } from '../../dsl/column.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import type { Programs } from '../../dsl/program.ts';
import type { Tensors } from '../../dsl/tensor.ts';
import { valueText } from '../data/value-text.ts';
import { chooseEngine } from '../engines/choose.ts';
import { nanGuard } from '../hooks/nan-guard.ts';
import type { TrainOptions } from './options.ts';
import { settingsOf } from './options.ts';
import type { RunParts } from './parts.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';

/**
 * Starts a run of a pipeline and gives a handle on it at once. Options that are not what they must be are refused at
 * once as well; all else that goes wrong is a `runFailed` event and the rejection of `finished`.
 */
export function train<S extends Schema, Out extends Tensors, Own extends Programs>(
  pipeline: Pipeline<S, Out, Own>,
  options: TrainOptions = {},
): Run<S, Out, Own> {
  checkPipeline(pipeline);
  const settings = settingsOf(options);
  const { name = options.compiled?.module.name ?? 'pipeline', compiled, hooks = [], signal } = options;
  const { data, validation, metrics = {} } = pipeline.definition;
  const again = trained.has(pipeline);
  trained.add(pipeline);
  const parts: RunParts = {
    again,
    name,
    span: pipeline.span,
    engine: chooseEngine(options.engine, options.threads),
    compile: () => compiled ?? compile(pipeline, { name }),
    data,
    validation,
    metrics: Object.keys(metrics),
    hooks:
      options.nanGuard === false || hooks.some((hook) => hook.onNonFinite) ? hooks : [...hooks, nanGuard()],
    settings,
  };
  return startRun<S, Out, Own>(parts, signal);
}

/** Pipelines of which a run was started. */
const trained = new WeakSet<object>();

/** JavaScript lets anything be called with anything. */
function checkPipeline(given: unknown): void {
  if (given instanceof Pipeline) return;
  refuse(
    RUN801({
      message: 'train needs a pipeline',
      span: siteSpan(),
      expected: 'what pipeline({ … }) gives',
      received: valueText(given),
    }),
  );
}

/** `millrace/runtime`: pipelines in motion. */
export type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
export { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
export { evaluateNow } from './commands/evaluate.ts';
export type { Command } from './commands/index.ts';
export { publishNow } from './commands/publish.ts';
export { report } from './commands/report.ts';
export { reset } from './commands/reset.ts';
export { setLearningRate } from './commands/set-learning-rate.ts';
export { atEnd, restore, snapshot } from './commands/snapshot.ts';
export { stop } from './commands/stop.ts';
export type {
  ColumnDescription,
  Description,
  LabelDescription,
  NumberDescription,
} from './data/read/describe.ts';
export { describe } from './data/read/describe.ts';
export type { NumberBatch } from './data/read/iterate-batches.ts';
export { iterateBatches } from './data/read/iterate-batches.ts';
export type { ReadOptions } from './data/read/read-options.ts';
export { count, first, iterate, toArray } from './data/read/read-rows.ts';
export type { EngineChoice, EngineName } from './engines/choose.ts';
export type { Engine } from './engines/engine.ts';
export type { TensorflowOptions } from './engines/tensorflow/index.ts';
export { tensorflowEngine } from './engines/tensorflow/index.ts';
export type { WasmOptions } from './engines/wasm/index.ts';
export { wasmEngine } from './engines/wasm/index.ts';
export type * from './events/event.ts';
export { isTerminal } from './events/event.ts';
export type { Answer, Hook, HookKind } from './hooks/define-hook.ts';
export { defineHook, defineHookKind } from './hooks/define-hook.ts';
export * from './hooks/index.ts';
export { evaluate } from './model/evaluate.ts';
export type { EvaluateOptions, EvaluationData, Model, PartialRow } from './model/model.ts';
export { predict } from './model/predict.ts';
export type { Plain, Prediction } from './model/prediction.ts';
export type { Clock, TrainOptions } from './run/options.ts';
export { defaultSeed } from './run/options.ts';
export type { Run, RunResult } from './run/run.ts';
export { train } from './run/train.ts';
export type { LoadOptions } from './store/load.ts';
export { load } from './store/load.ts';

/** `millrace/runtime`: pipelines in motion. */
export type { Diagnostic } from '../compiler/diagnostics/diagnostic.ts';
export { DiagnosticError } from '../compiler/diagnostics/diagnostic.ts';
export type { CheckpointNow } from './commands/checkpoint.ts';
export type { EvaluateNow } from './commands/evaluate.ts';
export { evaluateNow } from './commands/evaluate.ts';
export type { Command } from './commands/index.ts';
export type { PublishNow } from './commands/publish.ts';
export { publishNow } from './commands/publish.ts';
export type { Finding, Report } from './commands/report.ts';
export { report } from './commands/report.ts';
export type { Reset } from './commands/reset.ts';
export { reset } from './commands/reset.ts';
export type { SetLearningRate } from './commands/set-learning-rate.ts';
export { setLearningRate } from './commands/set-learning-rate.ts';
export type { AtEnd, Restore, TakeSnapshot } from './commands/snapshot.ts';
export { atEnd, restore, snapshot } from './commands/snapshot.ts';
export type { Stop } from './commands/stop.ts';
export { stop } from './commands/stop.ts';
export type {
  ColumnDescription,
  Description,
  LabelDescription,
  NumberDescription,
  TextDescription,
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
export type { BoundedEvents, BoundedOptions } from './events/bounded.ts';
export { boundedEvents } from './events/bounded.ts';
export type * from './events/event.ts';
export { isTerminal } from './events/event.ts';
export type { Replayed } from './events/replay.ts';
export { replayEvents } from './events/replay.ts';
export type { Answer, Hook, HookKind } from './hooks/define-hook.ts';
export { defineHook, defineHookKind } from './hooks/define-hook.ts';
export type {
  Detected,
  Detector,
  DetectorExample,
  DetectorFacts,
  DetectorInput,
  DetectorKind,
  Verdict,
} from './hooks/drift/define-detector.ts';
export { defineDetector } from './hooks/drift/define-detector.ts';
export * from './hooks/drift/index.ts';
export type { Moments } from './hooks/drift/moments.ts';
export type { Direction, Sides } from './hooks/drift/sided.ts';
export type { Every, Last } from './hooks/every.ts';
export * from './hooks/index.ts';
export type { Estimated, Prequential, PrequentialOptions, PrequentialState } from './hooks/prequential.ts';
export { prequential } from './hooks/prequential.ts';
export { evaluate } from './model/evaluate.ts';
export type { EvaluateOptions, EvaluationData, Model, PartialRow, Weight } from './model/model.ts';
export { predict } from './model/predict.ts';
export type { Plain, Prediction } from './model/prediction.ts';
export type { Clock, TrainOptions } from './run/options.ts';
export { defaultSeed } from './run/options.ts';
export type { Run, RunResult } from './run/run.ts';
export { train } from './run/train.ts';
export type { ServeOptions, Server } from './serve/serve.ts';
export { serve } from './serve/serve.ts';
export type { ServedAnswer, ServedAnswers, Serving, Version } from './serve/serving.ts';
export type { BatchOptions, LimitOptions, ServerOptions } from './serve/settings.ts';
export type {
  Checkpoint,
  CheckpointsOptions,
  DamagedCheckpoint,
  Generation,
  Listed,
  Listing,
  NewCheckpoint,
} from './store/checkpoints.ts';
export { Checkpoints } from './store/checkpoints.ts';
export { readEvents } from './store/event-file.ts';
export type { ExportFormat, ExportOptions } from './store/export/export-model.ts';
export type { LoadOptions } from './store/model/load.ts';
export { load } from './store/model/load.ts';
export type { SaveOptions } from './store/model/save.ts';

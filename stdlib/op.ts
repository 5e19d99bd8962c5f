/**
 * `millrace/op`: all that ops, layers, losses, metrics, optimizers, initializers and stages of datasets are written with: ours,
 * and yours. What is written with it type-checks, trains, saves and loads as ours does; `millrace/laws` tests it.
 */

export { ARG101, ARG102, ARG103, ARG104, ARG105 } from '../compiler/diagnostics/argument.ts';
export type { Details, Diagnostic, DiagnosticCode } from '../compiler/diagnostics/diagnostic.ts';
export { refuse } from '../compiler/diagnostics/diagnostic.ts';
export { DTY301, DTY302 } from '../compiler/diagnostics/dtype.ts';
export { SHP201, SHP202, SHP203, SHP204, SHP207 } from '../compiler/diagnostics/shape.ts';
export { broadcastShapes, product, sameShape, shapeText } from '../compiler/ir/dim.ts';
export { siteSpan } from '../compiler/ir/site.ts';
export type { Span } from '../compiler/ir/span.ts';
export { any, float, integer, list, numeric, truth } from '../compiler/op/accepts.ts';
export type { Check } from '../compiler/op/arguments.ts';
export { axesOf, axisOf } from '../compiler/op/axes.ts';
export { refusingMismatch } from '../compiler/op/call/explain.ts';
export type {
  AxisPairs,
  Card,
  Composite,
  ConcreteType,
  Example,
  GradientCall,
  GradientRule,
  Kind,
  Leaf,
  Movement,
  NoGradient,
  Op,
  Pairs,
  Primitive,
  RandomWords,
  TensorType,
  TypeRule,
  View,
} from '../compiler/op/card.ts';
export { none } from '../compiler/op/card.ts';
/** What makers of layers and optimizers take: `check.count`, `check.rate`, `check.oneOf('same', 'valid')`. */
export * as check from '../compiler/op/checks.ts';
export type { InitializerClaims, InitializerKind } from '../compiler/op/define/define-initializer.ts';
export { defineInitializer } from '../compiler/op/define/define-initializer.ts';
export type {
  Called,
  Layer,
  LayerClaims,
  LayerDefinition,
  LayerKind,
  LayerOptions,
} from '../compiler/op/define/define-layer.ts';
export { defineLayer } from '../compiler/op/define/define-layer.ts';
export type { MetricClaims, MetricKind } from '../compiler/op/define/define-metric.ts';
export { defineMetric } from '../compiler/op/define/define-metric.ts';
export { composite, defineOp } from '../compiler/op/define/define-op.ts';
export type {
  Optimizer,
  OptimizerClaims,
  OptimizerDefinition,
  OptimizerKind,
  Schedule,
  UpdateCall,
  Updated,
} from '../compiler/op/define/define-optimizer.ts';
export { defineOptimizer } from '../compiler/op/define/define-optimizer.ts';
export type { CompositeFacts, PrimitiveFacts } from '../compiler/op/define/primitive.ts';
export type { Domain } from '../compiler/op/domain.ts';
export { integers, reals, truths } from '../compiler/op/domain.ts';
export { folding } from '../compiler/op/folding.ts';
export type { Law } from '../compiler/op/law.ts';
export { even, idempotent, involution, monotone, odd, positive, within } from '../compiler/op/law.ts';
export type { Initializer, ParamOptions } from '../compiler/op/leaf.ts';
/** Tensors that no op gives: parameters, state, sizes of symbolic axes, coordinates. */
export { dimension, fitted, iota, param, state } from '../compiler/op/leaf.ts';
export type { Metric } from '../compiler/op/metric.ts';
export { metric } from '../compiler/op/metric.ts';
export type { Mismatch } from '../compiler/op/mismatch.ts';
export { TypeMismatch } from '../compiler/op/mismatch.ts';
/** The kinds of options: `option.axis(-1)`, `option.number(1)`; `option.option(expects, fits)` makes one more. */
export * as option from '../compiler/op/options.ts';
export type { Scalar, ScalarBuilder, ScalarLike } from '../compiler/op/scalar.ts';
export type * from '../compiler/op/signatures.ts';
export type {
  Each,
  InputSpec,
  Inputs,
  ListSpec,
  Named,
  OptionSpec,
  Options,
  OptionValues,
  RequiredSpec,
  Tensors as InputTensors,
} from '../compiler/op/specs.ts';
export type { TfAttribute, TfBuilder, TfLowering, TfTensor } from '../compiler/op/tensorflow.ts';
export type { Folded } from '../compiler/op/type-rules.ts';
export {
  comparing,
  foldedAxes,
  matching,
  preserving,
  reducing,
  sameDType,
} from '../compiler/op/type-rules.ts';
export { typeText } from '../compiler/op/type-text.ts';
export type { Origin, UserVocabulary } from '../compiler/op/user-vocabulary.ts';
export { defineVocabulary } from '../compiler/op/user-vocabulary.ts';
export type { Values } from '../compiler/op/values.ts';
export { elementAt, filled, offsetOf, sizeOf, tabulate } from '../compiler/op/values.ts';
/** Stages of datasets: `data.through(everyOther({ from: 1 }))`. */
export type { AheadState } from '../dsl/row-ahead.ts';
export { noRow } from '../dsl/row-ahead.ts';
export type {
  Cursor,
  OpenCursor,
  PlainData,
  RejectionReason,
  Replay,
  StageCard,
  StageContext,
  StageExample,
  StageUse,
} from '../dsl/stage.ts';
export { defineStage, endOfRows } from '../dsl/stage.ts';
export type { StageState, StageSteps } from '../dsl/stage-cursor.ts';
export { stageCursor } from '../dsl/stage-cursor.ts';
export { training } from './ops/control/training.ts';
export { update } from './ops/control/update.ts';
export { random } from './ops/random/random.ts';

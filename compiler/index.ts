/** `millrace/compiler`: pipelines to programs, files to diagnostics, graphs to text and back. */

export type { Plan } from './5-plan/plan.ts';
export type { PlanChoice } from './5-plan/plan-program.ts';
export { planProgram } from './5-plan/plan-program.ts';
export { printPlan } from './5-plan/print-plan.ts';
export type { Cost } from './analyse/cost.ts';
export { costOf } from './analyse/cost.ts';
export type { CheckedFile } from './check-file.ts';
export { check } from './check-file.ts';
export type { Compiled } from './compile.ts';
export { compile } from './compile.ts';
export type { Diagnostic, Label, Severity } from './diagnostics/diagnostic.ts';
export { DiagnosticError } from './diagnostics/diagnostic.ts';
export { render, toJson } from './diagnostics/render.ts';
export { dot } from './ir/dot.ts';
export type { Graph, Output, Update } from './ir/graph.ts';
export { graphJson } from './ir/graph-json.ts';
export { parse } from './ir/parse.ts';
export type { PrintOptions } from './ir/print.ts';
export { print } from './ir/print.ts';
export type { Span } from './ir/span.ts';
export { verify } from './ir/verify.ts';
export type { Module, Port, Program, StateEntry } from './module.ts';
export type { CompileOptions, Phases } from './phases.ts';
export { phases } from './phases.ts';
export type { EvaluationPorts, TrainingContract } from './programs/contract.ts';

/** What every layer promises inside a pipeline: every engine computes the same, and a saved model is the model. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compiled } from '../compiler/compile.ts';
import { compile } from '../compiler/compile.ts';
import type { LayerExample, LayerFacts } from '../compiler/op/define/define-layer.ts';
import { param } from '../compiler/op/leaf.ts';
import { sizeOf } from '../compiler/op/values.ts';
import type { Column, Schema } from '../dsl/column.ts';
import { bool, float, int, tensor } from '../dsl/column.ts';
import { arrays } from '../dsl/dataset.ts';
import type { Tensor } from '../dsl/tensor.ts';
import type { Engine } from '../runtime/engines/engine.ts';
import { reference } from '../runtime/engines/reference/index.ts';
import { wasmEngine } from '../runtime/engines/wasm/index.ts';
import { LoadedPipeline } from '../runtime/run/loaded-pipeline.ts';
import { train } from '../runtime/run/train.ts';
import { load } from '../runtime/store/model/load.ts';
import { multiply } from '../stdlib/ops/arithmetic/multiply.ts';
import { square } from '../stdlib/ops/arithmetic/square.ts';
import { ones } from '../stdlib/ops/creation/ones.ts';
import { mean } from '../stdlib/ops/reduction/mean.ts';
import { sgd } from '../stdlib/optimizers/sgd.ts';
import { pipeline } from '../stdlib/pipeline.ts';
import { Draws } from './draw.ts';
import type { LawTest } from './law-test.ts';
import { alike, holds } from './law-test.ts';
import { callOf } from './layer-example.ts';
import { dtypeOf, valuesOf } from './sample.ts';

const rows = 3;

/** Numbers in lists of lists, as a column of tensors takes them. */
function nested(data: Float64Array, shape: readonly number[], from = 0): number | unknown[] {
  const [length, ...rest] = shape;
  if (length === undefined) return data[from]!;
  return Array.from({ length }, (_, i) => nested(data, rest, from + i * sizeOf(rest)));
}

/** A pipeline whose model is the layer of an example, and the rows that it is tried on. */
function pipelineOf({ make }: LayerFacts, example: LayerExample) {
  const schema: Record<string, Column> = {};
  const columns: Record<string, unknown[]> = {};
  const draw = new Draws(4);
  callOf(example, ({ shape, values }) => {
    const name = `x${Object.keys(schema).length}`;
    const dtype = dtypeOf(values);
    const plain = { float32: float, int32: int, bool }[dtype];
    schema[name] = shape.length === 0 ? plain : tensor(shape, dtype);
    const { data } = valuesOf(values, [rows, ...shape], draw);
    columns[name] = nested(data, [rows, ...shape]) as unknown[];
    return name;
  });
  const layer = make(example.of);
  // Training needs a parameter, which not every layer has.
  const scale = param([], { initializer: ones, name: 'scale' });
  return {
    columns,
    pipeline: pipeline({
      // The columns are made for this schema above.
      data: arrays(schema as Schema, columns as never).batch(rows),
      model: (given: Readonly<Record<string, Tensor>>) => {
        const names = Object.keys(schema)[Symbol.iterator]();
        return multiply(layer(...callOf(example, () => given[names.next().value ?? ''])), scale);
      },
      loss: (y: Tensor) => mean(square(y)),
      optimizer: sgd({ learningRate: 0.01 }),
    }),
  };
}

/** What an engine predicts before and after two steps, and what it holds then. */
async function numbersOn(
  engine: Engine,
  compiled: Compiled,
  columns: Readonly<Record<string, unknown[]>>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const session = await engine.load(compiled.module);
  const loaded = new LoadedPipeline(compiled, session);
  loaded.initialise(7);
  const run = (name: string): readonly (readonly [string, number[]])[] => {
    const program = session.program(name);
    for (const [column, values] of Object.entries(program.inputs))
      values.set((columns[column] as unknown[]).flat(9).map(Number));
    program.run(rows);
    return Object.entries(program.outputs).map(([output, values]) => [`${name} ${output}`, [...values]]);
  };
  const { predict, step } = compiled.contract;
  const before = run(predict.program);
  run(step.program);
  const after = run(step.program).map(([output, values]) => [`second ${output}`, values] as const);
  const later = run(predict.program).map(([output, values]) => [`later ${output}`, values] as const);
  const held = loaded.states('param', 'state').map(({ id }) => [id, [...session.read(id)]] as const);
  session.dispose();
  return new Map([...before, ...after, ...later, ...held]);
}

async function isTheSameOnEngines(facts: LayerFacts, example: LayerExample): Promise<void> {
  const { columns, pipeline: whole } = pipelineOf(facts, example);
  const compiled = compile(whole, { name: facts.name });
  const want = await numbersOn(reference, compiled, columns);
  const got = await numbersOn(wasmEngine({ threads: 1 }), compiled, columns);
  holds(want.size > 2, 'nothing was computed');
  for (const [what, values] of want)
    alike(got.get(what) ?? [], values, `${what} on wasm`, { relative: 1e-3, absolute: 1e-4 });
}

async function isSavedAndLoaded(facts: LayerFacts, example: LayerExample): Promise<void> {
  const { columns, pipeline: whole } = pipelineOf(facts, example);
  const { model } = await train(whole, { epochs: 2, seed: 3 }).finished;
  const directory = await mkdtemp(join(tmpdir(), 'millrace-law-'));
  try {
    await model.save(directory);
    const again = await load(directory);
    const row = (i: number) =>
      Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, list[i]]));
    const all = Array.from({ length: rows }, (_, i) => row(i));
    const [want, got] = [model, again].map((each) => JSON.stringify(each.predict(all as never)));
    holds(want !== undefined && want === got, () => `the model predicts ${want}, the loaded one ${got}`);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The laws of one example of a layer. */
export function lawsOfPrograms(facts: LayerFacts, example: LayerExample, i: number): LawTest[] {
  return [
    {
      name: `example ${i + 1} computes the same on every engine`,
      run: () => isTheSameOnEngines(facts, example),
    },
    ...(i === 0
      ? [
          {
            name: 'is the same when a model is saved and loaded',
            run: () => isSavedAndLoaded(facts, example),
          },
        ]
      : []),
  ];
}

/** What `GET /schema` tells: which columns rows have, and what the answers look like. */
import { isSymbolic } from '../../compiler/ir/dim.ts';
import type { Port } from '../../compiler/module.ts';
import { programCalled } from '../../compiler/module.ts';
import type { AnswerContract } from '../../compiler/programs/contract.ts';
import type { Schema } from '../../dsl/column.ts';
import type { Shape } from '../../dsl/tensor.ts';
import { pipelineOf } from '../model/model.ts';
import type { ServedModel } from './served.ts';

export function schemaOf({ model, version, step }: ServedModel): object {
  const { compiled, contract } = pipelineOf(model);
  const program = (answers: AnswerContract): object => {
    const { inputs, outputs } = programCalled(compiled.module, answers.program);
    const looked = new Set(inputs.map(({ id }) => id));
    const typeOf = (id: string): object => valueType(outputs.find((port) => port.id === id));
    const [only] = answers.outputs;
    return {
      columns: columnsOf(answers.schema, looked),
      answer:
        answers.form === 'tensor' && only
          ? typeOf(only.id)
          : Object.fromEntries(answers.outputs.map(({ label, id }) => [label, typeOf(id)])),
    };
  };
  const named = (answers: AnswerContract): [string, object] => [answers.program, program(answers)];
  const isPredict = (answers: AnswerContract): boolean => answers.program === contract.predict.program;
  return {
    name: model.name,
    version,
    step,
    predict: Object.fromEntries(contract.answers.filter(isPredict).map(named))[contract.predict.program],
    run: Object.fromEntries(contract.answers.filter((answers) => !isPredict(answers)).map(named)),
  };
}

/** Those that the program looks at; others may be left out of a row. */
function columnsOf(schema: Schema, looked: ReadonlySet<string>): object {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name]) => looked.has(name))
      .map(([name, { kind, dtype, shape, labels }]) => [
        name,
        { kind, dtype, shape, ...(labels && { labels }) },
      ]),
  );
}

/** Of one row's answer: the axis of the batch is not seen. */
function valueType(port: Port | undefined): object {
  if (!port) return {};
  const { dtype, shape } = port.type;
  const [front, ...inner]: Shape = shape;
  return { dtype, shape: front !== undefined && isSymbolic(front) ? inner : shape };
}

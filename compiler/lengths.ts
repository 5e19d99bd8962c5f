/** Programs over sequences: what lengths they are run at, and a program as it is at one of them. */
import type { Schema } from '../dsl/column.ts';
import { product, valueOf } from './ir/dim.ts';
import { columnOfLengths } from './ir/state-ids.ts';
import { length } from './ir/symbols.ts';
import type { Lengths, Module, Program, SequenceType } from './module.ts';
import { programCalled, programOf } from './module.ts';
import { atSizes } from './programs/at-sizes.ts';
import type { TrainingContract } from './programs/contract.ts';

/** What a module has to know of its sequences; undefined where it has none. */
export function lengthsIn(
  programs: Iterable<string>,
  { schema, answers }: Pick<TrainingContract, 'schema' | 'answers'>,
  sizes: readonly number[],
): Lengths | undefined {
  if (sizes.length === 0) return undefined;
  const columns = [...programs].map((program) => {
    const own = answers.find((answer) => answer.program === program)?.schema ?? schema;
    return [program, sequencesOf(own)] as const;
  });
  return { sizes, columns: new Map(columns) };
}

function sequencesOf(schema: Schema): ReadonlyMap<string, SequenceType> {
  return new Map(
    Object.entries(schema).flatMap(([name, { items, dtype }]) =>
      items
        ? [[name, { dtype, most: items.most, width: valueOf(product(items.of.shape), {}) }] as const]
        : [],
    ),
  );
}

/** Whether a program has a sequence among its inputs. */
export function isByLength({ inputs }: Program): boolean {
  return inputs.some(({ id, type }) => type.shape.includes(length) || columnOfLengths(id) !== undefined);
}

/** The program of a module at one length. */
export function programAt(module: Pick<Module, 'name' | 'programs'>, name: string, size: number): Program {
  const program = programCalled(module, name);
  return isByLength(program) ? programOf(atSizes(program.graph, { [length]: size })) : program;
}

/** Faults put into a pipeline that was read: at any of its values, in one row, from a place of their own. */
import type { AnyPipeline } from '../../compiler/1-read/reader/trace.ts';
import { trace } from '../../compiler/1-read/reader/trace.ts';
import type { Reading, ReadProgram } from '../../compiler/1-read/reading.ts';
import { check, rootsOf } from '../../compiler/2-check/check.ts';
import { simplify } from '../../compiler/4-simplify/simplify.ts';
import type { Compiled } from '../../compiler/compile.ts';
import { Node, nodeOf } from '../../compiler/ir/node.ts';
import { rebuildAll, withInputs } from '../../compiler/ir/rewrite.ts';
import { at } from '../../compiler/ir/site.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import { programOf } from '../../compiler/module.ts';
import { isMetric } from '../../compiler/op/metric.ts';
import { trainingProgramsOf } from '../../compiler/programs/training.ts';
import type { Tensor } from '../../dsl/tensor.ts';
import {
  abs,
  add,
  cast,
  divide,
  exp,
  log,
  multiply,
  notEqual,
  reshape,
  sqrt,
  subtract,
} from '../../stdlib/index.ts';

/** The value of the column `size` in the row in which a fault strikes; all others are far from it. */
export const trigger = 64;

export interface Fault {
  /** The op that makes what is not finite, as its card is called. */
  readonly op: string;
  readonly received: readonly number[];
  readonly part: 'forward' | 'gradient';
  /** `apart` is 0 in the row that is struck, and at least 1 elsewhere; each call says where it stands. */
  readonly strike: (x: Tensor, apart: Tensor, here: <T>(make: () => T) => T) => Tensor;
}

export const faults: Readonly<Record<string, Fault>> = {
  'log(0)': {
    op: 'log',
    received: [0],
    part: 'forward',
    strike: (x, apart, here) =>
      add(
        x,
        here(() => log(apart)),
      ),
  },
  '0/0': {
    op: 'divide',
    received: [0, 0],
    part: 'forward',
    strike: (x, apart, here) =>
      add(
        x,
        here(() => divide(apart, apart)),
      ),
  },
  '1/0': {
    op: 'divide',
    received: [1, 0],
    part: 'forward',
    strike: (x, apart, here) =>
      add(
        x,
        here(() => divide(1, apart)),
      ),
  },
  'sqrt(-1)': {
    op: 'sqrt',
    received: [-1],
    part: 'forward',
    strike: (x, apart, here) => {
      const below = subtract(apart, 1);
      return add(
        x,
        here(() => sqrt(below)),
      );
    },
  },
  'exp(1000)': {
    op: 'exp',
    received: [1000],
    part: 'forward',
    strike: (x, apart, here) => {
      const high = subtract(1000, multiply(apart, 1100));
      return add(
        x,
        here(() => exp(high)),
      );
    },
  },
  overflow: {
    op: 'multiply',
    received: [2 ** 100, 2 ** 100],
    part: 'forward',
    strike: (x, apart, here) => {
      const hit = cast(subtract(1, cast(notEqual(apart, 0), 'float32')), 'float32');
      const large = multiply(hit, 2 ** 100);
      return add(
        x,
        here(() => multiply(large, large)),
      );
    },
  },
  "sqrt'(0)": {
    op: 'sqrt',
    received: [],
    part: 'gradient',
    strike: (x, apart, here) => {
      const near = multiply(add(abs(x), 1), apart);
      return add(
        x,
        multiply(
          here(() => sqrt(near)),
          0.0625,
        ),
      );
    },
  },
};

export interface Faulty {
  readonly compiled: Compiled;
  /** What the fault was put behind. */
  readonly behind: Node;
  readonly place: Span;
}

const placeAt = (line: number): Span => ({
  file: '/faults.ts',
  line,
  column: 7,
  endLine: line,
  endColumn: 9,
});

/** The pipeline with a fault behind one of its values; undefined where it has none with rows. */
export function withFault(pipeline: AnyPipeline, { strike }: Fault, choice: number): Faulty | undefined {
  const reading = trace(pipeline, 'subject');
  const size = reading.predict.columns.size;
  const hosts = nodesUnder(rootsOf(reading).trained).filter(
    (node) => node.type?.dtype === 'float32' && node.type.shape[0] === 'B' && node.card.kind !== 'update',
  );
  const behind = hosts[choice % hosts.length];
  if (!size || !behind) return undefined;
  const place = placeAt(1 + (choice % 97));
  const elsewhere = placeAt(1000);
  const apart = at(elsewhere, () =>
    reshape(abs(subtract(size, trigger)), ['B', ...behind.shape.slice(1).map(() => 1)]),
  );
  const struck = at(elsewhere, () => nodeOf(strike(behind, apart, (make) => at(place, make))));
  // What the fault is made of stays as it is; whoever needs the value behind which it stands gets it with the fault.
  const memo = new Map(nodesUnder([struck]).map((node) => [node, node]));
  memo.set(behind, struck);
  const { trained, others } = rootsOf(reading);
  rebuildAll([...trained, ...others], withInputs, memo);
  const compiled = compiledFrom(rebuilt(reading, (node) => memo.get(node) ?? node));
  return { compiled, behind, place };
}

function rebuilt(reading: Reading, to: (node: Node) => Node): Reading {
  const answers = (program: ReadProgram): ReadProgram => ({
    ...program,
    outputs: program.outputs.map(({ name, value }) => ({ name, value: to(value) })),
  });
  return {
    ...reading,
    predict: answers(reading.predict),
    programs: reading.programs.map(answers),
    objectives: reading.objectives.map((objective) => ({ ...objective, loss: to(objective.loss) })),
    metrics: reading.metrics.map(({ name, judgement }) => ({
      name,
      judgement: isMetric(judgement)
        ? {
            ...judgement,
            sums: Object.fromEntries(
              Object.entries(judgement.sums).map(([sum, value]) => [sum, to(nodeOf(value))]),
            ),
          }
        : to(judgement),
    })),
  };
}

function compiledFrom(reading: Reading): Compiled {
  const { checked, diagnostics } = check(reading);
  if (!checked) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const { graphs, state, contract } = trainingProgramsOf(checked);
  const { name, capacity, vocabulary } = checked;
  const programs = new Map(
    [...graphs].map(([program, graph]) => [program, programOf(simplify(graph, vocabulary))]),
  );
  return { contract, module: { name, capacity, vocabulary, state, programs } };
}

/** Whether a value depends on a parameter: only then do gradients come back to it. */
export function isTrained(node: Node): boolean {
  return nodesUnder([node], ({ inputs, body }) => (body ? [...inputs, body] : inputs)).some(
    (each) => each instanceof Node && each.card.name === 'param',
  );
}

/** Elementwise ops on TensorFlow over the whole of binary32, special values and their signs included; random bits exactly. */
import { expect, test } from 'vitest';
import type { Output } from '../../compiler/ir/graph.ts';
import { byName } from '../../compiler/ir/inputs.ts';
import { nodeOf } from '../../compiler/ir/node.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { apply } from '../../compiler/op/call/apply.ts';
import type { Attributes, Primitive } from '../../compiler/op/card.ts';
import { input } from '../../compiler/op/leaf.ts';
import type { DType } from '../../dsl/tensor.ts';
import { close } from '../../laws/close.ts';
import { specialFloats, specialWholes, truthValues } from '../../laws/special-values.ts';
import { streamWord, threefry } from '../../stdlib/approximations/threefry.ts';
import { cards } from '../../stdlib/cards.ts';
import { randomUniform } from '../../stdlib/ops/random/parts/randomUniform.ts';
import { runs } from '../support/effort.ts';
import { moduleOf } from '../support/module-of.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { tally } from '../support/tally.ts';
import { InProcess, tensorflowHere } from './in-process.ts';

const found = tensorflowHere('elementwise ops on TensorFlow');

/** The least number with a full mantissa: TensorFlow's threads take all below as 0. */
const least = 2 ** -126;
const full = (x: number): boolean => x === 0 || !(Math.abs(x) < least);

const specials: Readonly<Record<DType, readonly number[]>> = {
  float32: specialFloats.filter(full),
  int32: specialWholes,
  bool: truthValues,
};
const random = randomNumbers(91);

function anyNumber(card: Primitive, name: string, dtype: DType): number {
  const { min, max } = card.domain[name]!;
  if (dtype === 'bool') return Number(random() < 0.5);
  if (dtype === 'int32')
    return random() < 0.5 ? Math.floor((random() - 0.5) * 40) : Math.floor((random() - 0.5) * 2 ** 32);
  const sizes = [
    () => (random() < 0.5 ? -1 : 1) * 2 ** (-126 + random() * 253),
    () => (random() - 0.5) * 220,
    () => min + random() * (max - min),
  ];
  return Math.fround(sizes[Math.floor(random() * sizes.length)]!());
}

interface Case {
  readonly name: string;
  readonly card: Primitive;
  readonly attributes: Attributes;
  readonly columns: readonly { readonly name: string; readonly numbers: readonly number[] }[];
  readonly output: Output;
}

/** One case for each card, each dtype it takes and each dtype it may be asked for. */
function casesOf(card: Primitive): Case[] {
  const specs = Object.entries(card.inputs);
  const wanted: readonly Attributes[] =
    'dtype' in card.options ? [{ dtype: 'float32' }, { dtype: 'int32' }, { dtype: 'bool' }] : [{}];
  return specs.at(-1)![1].accepts.flatMap((dtype) =>
    wanted.map((attributes) => {
      const dtypes = specs.map(([, { accepts }]) => (accepts.length > 1 ? dtype : accepts[0]!));
      const rows = product(dtypes.map((each) => specials[each]));
      for (let i = 0; i < runs(1000); i++)
        rows.push(specs.map(([name], k) => anyNumber(card, name, dtypes[k]!)));
      const name = [card.name, dtype, ...Object.values(attributes)].join('.');
      const columns = specs.map(([own], k) => ({
        name: `${name}.${own}`,
        numbers: rows.map((row) => row[k]!),
      }));
      const leaves = columns.map((column, k) => input(column.name, [rows.length], dtypes[k]!));
      return {
        name,
        card,
        attributes,
        columns,
        output: { name, value: nodeOf(apply(card, [...leaves, attributes])) },
      };
    }),
  );
}

function product(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>((rows, list) => rows.flatMap((row) => list.map((x) => [...row, x])), [[]]);
}

/** Angles for which sines are good to the given tolerance. */
const within: Readonly<Record<string, number>> = { sin: 1e5, cos: 1e5 };

/** Whether the numbers are such that the op is not asked for them: its way there leaves the numbers that TensorFlow keeps. */
function isOutside({ name }: Primitive, xs: readonly number[]): boolean {
  if (name === 'floorDivide' && !full(Math.fround(xs[0]! / xs[1]!))) return true;
  return xs.some((x) => Math.abs(x) > (within[name] ?? Number.POSITIVE_INFINITY));
}

function asHeld(value: number, dtype: DType): number {
  if (dtype === 'int32') return value | 0;
  return dtype === 'bool' ? Number(value !== 0) : Math.fround(value);
}

/** What is wrong with the numbers that came back. */
function faults({ name, card, attributes, columns, output }: Case, got: readonly number[]): string[] {
  const { dtype } = output.value;
  const tolerance = card.tolerance.tensorflow ?? 2e-6;
  return got.flatMap((number, i) => {
    const xs = columns.map(({ numbers }) => numbers[i]!);
    if (isOutside(card, xs)) return [];
    const want = asHeld(card.scalar!(byName(card, xs), attributes, dtype), dtype);
    const flushed = !full(want) && number === 0;
    if (
      flushed ||
      close(
        number,
        want,
        dtype === 'float32' ? tolerance : 0,
        dtype === 'float32' ? 2e-7 * Number(card.name in within) + least : 0,
      )
    )
      return [];
    return [`${name}(${xs.join(', ')}): ${number} for ${want}`];
  });
}

if (found) {
  const count = tally('elementwise ops on TensorFlow', { cases: 40, numbers: 50_000, draws: 1000 });
  const elementwise = cards.filter((card): card is Primitive => card.kind === 'map' || card.kind === 'zip');
  const cases = elementwise.flatMap(casesOf);

  test('elementwise ops have their meaning', async () => {
    const outputs = cases.map(({ output }) => output);
    const graph = { name: 'elementwise', program: 'step', outputs, updates: [], span: nowhere } as const;
    const session = await InProcess.load(moduleOf(graph, [], 1), found.file);
    const numbers = new Map(
      cases.flatMap(({ columns }) => columns.map((each) => [each.name, each.numbers] as const)),
    );
    const got = session.run('step', 1, (name) => numbers.get(name)!);
    const wrong = cases.flatMap((each) => {
      count('cases');
      count('numbers', got[each.name]!.length);
      return faults(each, got[each.name]!).slice(0, 3);
    });
    session.end();
    expect(wrong).toEqual([]);
  });

  test('random numbers are the same bits', async () => {
    const streams = [0, 1, 77];
    const shape = [17, 31];
    const [seed, step] = [input('seed', [2], 'int32'), input('step', [], 'int32')];
    const outputs = streams.map((stream) => ({
      name: `stream${stream}`,
      value: nodeOf(randomUniform(seed, step, { shape, stream })),
    }));
    const graph = { name: 'random', program: 'step', outputs, updates: [], span: nowhere } as const;
    const session = await InProcess.load(moduleOf(graph, [], 1), found.file);
    const [key, at] = [[-123456789, 987654321], 41];
    const got = session.run('step', 1, (name) => (name === 'seed' ? key : [at]));
    session.end();
    for (const stream of streams) {
      const want = got[`stream${stream}`]!.map(
        (_, lane) => (threefry(key[0]!, key[1]! ^ streamWord(stream), lane, at) >>> 8) * 2 ** -24,
      );
      expect(got[`stream${stream}`]).toEqual(want);
      count('draws', want.length);
    }
  });
} else test('TensorFlow is not set up here', () => {});

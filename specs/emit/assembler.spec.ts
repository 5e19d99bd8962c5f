/** The assembler against wabt: what it writes is valid, and reads back as what was asked for. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabtOf from 'wabt';
import { floatOfBits } from '../../compiler/6-emit/wasm/assembler/encoding.ts';
import type { Local } from '../../compiler/6-emit/wasm/assembler/function.ts';
import { FunctionBody } from '../../compiler/6-emit/wasm/assembler/function.ts';
import type { InstructionName, ValueType } from '../../compiler/6-emit/wasm/assembler/instructions.ts';
import { instructions } from '../../compiler/6-emit/wasm/assembler/instructions.ts';
import { ModuleBuilder } from '../../compiler/6-emit/wasm/assembler/module.ts';
import { tally } from '../support/tally.ts';

const wabt = await wabtOf();
const count = tally('assembler', { modules: 100, instructions: 3000 });
const everyInstruction = tally('instruction table', { entries: 100 });

const names = Object.keys(instructions) as InstructionName[];
const types: readonly ValueType[] = ['i32', 'f32', 'v128'];

/** A function under construction, and the mnemonics that its text must show, in order. */
interface Draft {
  readonly f: FunctionBody;
  readonly locals: Readonly<Record<ValueType, Local>>;
  readonly expected: string[];
}

function draft(): Draft {
  const f = new FunctionBody({ takes: ['i32', 'f32', 'v128'], gives: [] });
  const [i32, f32, v128] = f.params;
  return { f, locals: { i32: i32!, f32: f32!, v128: v128! }, expected: [] };
}

/** Any instruction, its operands taken from locals and its results put back. */
function write({ f, locals, expected }: Draft, name: InstructionName, random: number): void {
  const { takes, gives, immediate, width } = instructions[name];
  for (const type of takes) {
    f.get(locals[type]);
    expected.push('local.get');
  }
  if (immediate === 'shuffle') {
    f.shuffle([0, 1, 2, 3].map((word) => (random >> (3 * word)) & 7));
  } else {
    const lanes = immediate === 'lane' ? 4 : immediate === 'memoryLane' ? 16 / width : 1;
    f.op(name, { offset: random, lane: random % lanes });
  }
  expected.push(name);
  for (const type of gives) {
    f.set(locals[type]);
    expected.push('local.set');
  }
}

type Piece =
  | { readonly kind: 'instruction'; readonly name: InstructionName; readonly random: number }
  | { readonly kind: 'constant'; readonly type: ValueType; readonly value: number }
  | { readonly kind: 'block' | 'loop' | 'if'; readonly body: readonly Piece[]; readonly branches: boolean }
  | { readonly kind: 'entry'; readonly value: number };

const leaf: fc.Arbitrary<Piece> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('instruction' as const),
      name: fc.constantFrom(...names),
      random: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('constant' as const),
      type: fc.constantFrom(...types),
      value: fc.integer(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('entry' as const), value: fc.integer() }) },
);

const { piece } = fc.letrec<{ piece: Piece }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom('block' as const, 'loop' as const, 'if' as const),
      body: fc.array(tie('piece'), { maxLength: 6 }),
      branches: fc.boolean(),
    }),
  ),
}));

function writePiece(into: Draft, part: Piece, entry: string[]): void {
  const { f, locals, expected } = into;
  switch (part.kind) {
    case 'instruction':
      write(into, part.name, part.random);
      return;
    case 'constant':
      if (part.type === 'i32') f.i32(part.value);
      else if (part.type === 'f32') f.f32(floatOfBits(part.value));
      else f.v128([part.value, 0, -part.value, 7]);
      f.set(locals[part.type]);
      expected.push(`${part.type}.const`, 'local.set');
      return;
    case 'entry':
      f.atEntry('i32', () => f.i32(part.value));
      entry.push('i32.const', 'local.set');
      return;
    default:
      if (part.kind === 'if') {
        f.get(locals.i32);
        expected.push('local.get');
      }
      expected.push(part.kind);
      f[part.kind]((label) => {
        for (const inner of part.body) writePiece(into, inner, entry);
        if (!part.branches) return;
        f.get(locals.i32);
        f.branchIf(label);
        expected.push('local.get', 'br_if');
      });
      expected.push('end');
  }
}

function moduleOf(f: FunctionBody): Uint8Array {
  const module = new ModuleBuilder();
  module.importGlobal('origin', 'i32');
  module.data(Uint8Array.of(1, 2, 3));
  module.export('run', module.add('the function', f));
  return module.finish('generated', 3);
}

/** The mnemonics of the only function, from wabt's text. */
function mnemonics(bytes: Uint8Array): string[] {
  const read = wabt.readWasm(bytes, { readDebugNames: true, threads: true, relaxed_simd: true });
  read.validate();
  const text = read.toText({ foldExprs: false, inlineExport: false });
  read.destroy();
  expect(text).toContain('$generated');
  const lines = text.slice(text.indexOf('(func')).split('\n').slice(1);
  return lines.flatMap((line) => /^\s+([a-z0-9_.]+)/.exec(line)?.[1] ?? []);
}

test('generated functions validate and read back', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const into = draft();
      const entry: string[] = [];
      for (const part of pieces) writePiece(into, part, entry);
      expect(mnemonics(moduleOf(into.f))).toEqual([...entry, ...into.expected]);
      count('modules');
      count('instructions', into.expected.length);
    }),
  );
});

test.each(names)('%s has the opcode, operands and results that wabt knows it by', (name) => {
  const into = draft();
  write(into, name, 5);
  expect(mnemonics(moduleOf(into.f))).toEqual(into.expected);
  everyInstruction('entries');
});

test('numbers survive their encoding', () => {
  fc.assert(
    fc.property(fc.integer(), (value) => {
      const f = new FunctionBody({ takes: [], gives: ['i32'] });
      f.i32(value);
      const read = wabt.readWasm(moduleOf(f), {});
      expect(read.toText({})).toMatch(new RegExp(`i32\\.const ${value}\\b`));
      read.destroy();
    }),
  );
});

test.each<[string, (f: FunctionBody) => readonly unknown[]]>([
  ['an operand of another type', (f) => [f.f32(1), f.op('i32.eqz')]],
  ['an empty stack', (f) => [f.op('v128.not')]],
  ['operands below the present block', (f) => [f.i32(1), f.block(() => f.op('i32.eqz'))]],
  ['a block that leaves a value', (f) => [f.block(() => f.i32(1))]],
  ['a function that leaves a value', (f) => [f.i32(1), f.finish()]],
  ['a negative offset', (f) => [f.i32(0), f.op('i32.load', { offset: -4 })]],
  ['a lane that does not exist', (f) => [f.v128([0, 0, 0, 0]), f.op('i32x4.extract_lane', { lane: 4 })]],
  ['a shuffle of five words', (f) => [f.shuffle([0, 1, 2, 3, 4])]],
  ['a choice between vectors', (f) => [f.v128([0, 0, 0, 0]), f.v128([0, 0, 0, 0]), f.i32(0), f.select()]],
])('refuses %s while it is written', (_, wrong) => {
  expect(() => wrong(new FunctionBody({ takes: [], gives: [] }))).toThrow(/^internal: /);
});

test('functions with equal code are one function', () => {
  const module = new ModuleBuilder();
  const twin = (value: number): FunctionBody => {
    const f = new FunctionBody({ takes: [], gives: ['i32'] });
    f.i32(value);
    return f;
  };
  expect(module.add('a', twin(1)).index).toBe(module.add('b', twin(1)).index);
  expect(module.add('c', twin(2)).index).not.toBe(module.add('a', twin(1)).index);
});

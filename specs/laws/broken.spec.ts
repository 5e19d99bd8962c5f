/** Laws can fail: for each of them an op that breaks it, as an author's mistake would. */
import { expect, test } from 'vitest';
import { lawsOf } from '../../laws/index.ts';
import { add, multiply, subtract } from '../../stdlib/index.ts';
import type { Scalar, ScalarBuilder } from '../../stdlib/op.ts';
import { composite, defineOp, float, monotone, none, option, preserving, reals } from '../../stdlib/op.ts';

/** The laws that an op breaks, and what each says. */
function broken(op: Parameters<typeof lawsOf>[0], seed?: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, run } of lawsOf(op, seed === undefined ? {} : { seed })) {
    try {
      run();
    } catch (error) {
      found[name] = (error as Error).message;
    }
  }
  return found;
}

const sound = {
  name: 'twice',
  kind: 'map' as const,
  inputs: { x: float },
  type: preserving,
  scalar: ({ x }: { readonly x: number }) => 2 * x,
  lower: { wasm: (s: ScalarBuilder, { x }: { readonly x: Scalar }) => s.mul(x, 2) },
  domain: { x: reals() },
  examples: [[[[1, -3]], [2, -6]]] as const,
};

const doubled = defineOp({ ...sound, gradient: ({ dy }) => ({ x: multiply(dy, 2) }), laws: [monotone] });

test('a sound op breaks none', () => {
  expect(broken(doubled)).toEqual({});
  expect(lawsOf(doubled).map(({ name }) => name)).toHaveLength(7);
});

test('no examples', () => {
  const silent = defineOp({ ...sound, gradient: none('it is a test'), examples: [] });
  expect(broken(silent)).toEqual({ 'is documented': 'twice has no examples' });
});

test('an example that is wrong', () => {
  const wrong = defineOp({ ...sound, gradient: none('it is a test'), examples: [[[[1]], [3]]] });
  expect(Object.values(broken(wrong))).toEqual([expect.stringContaining('element 0: 2 for 3')]);
});

test('an example that the op refuses', () => {
  const wrong = defineOp({ ...sound, gradient: none('it is a test'), examples: [[[[1], { by: 2 }], [2]]] });
  expect(Object.values(broken(wrong)).join()).toContain('ARG103');
});

test('a type that the value does not have', () => {
  const wrong = defineOp({
    ...sound,
    kind: 'reduce',
    type: ({ x }) => ({ dtype: 'float32', shape: [...x.shape, 1] }),
    scalar: undefined as never,
    evaluate: ({ x }) => x,
    gradient: none('it is a test'),
  });
  expect(Object.values(broken(wrong)).join()).toContain('gives float32[2], typed float32[2,1]');
});

test('a value that the dtype cannot hold', () => {
  const wrong = defineOp({
    ...sound,
    type: ({ x }) => ({ dtype: 'int32', shape: x.shape }),
    evaluate: ({ x }) => ({ dtype: 'int32', shape: x.shape, data: x.data }),
    scalar: undefined as never,
    gradient: none('it is a test'),
    examples: [[[[1]], [1]]],
  });
  expect(Object.values(broken(wrong)).join()).toContain('which no int32 is');
});

test('a gradient that is no slope; the same case again by the same seed', () => {
  const wrong = defineOp({ ...sound, gradient: ({ dy }) => ({ x: multiply(dy, 3) }) });
  const [said] = Object.values(broken(wrong));
  expect(said).toMatch(/∂x\[0\] of twice, example 0 at .*: 1\.5 for [01]\.\d+/);
  expect(Object.values(broken(wrong))).toEqual([said]);
  expect(Object.values(broken(wrong, 7))).not.toEqual([said]);
});

test('a lowering that engines need', () => {
  const wrong = defineOp({ ...sound, gradient: ({ dy }) => ({ x: multiply(dy, 2) }), lower: {} });
  expect(Object.values(broken(wrong)).join()).toContain('does not declare its lower.wasm');
});

test('a lowering that means something else', () => {
  const wrong = defineOp({
    ...sound,
    gradient: ({ dy }) => ({ x: multiply(dy, 2) }),
    lower: { wasm: (s, { x }) => s.add(x, 2) },
  });
  expect(Object.keys(broken(wrong))).toEqual(['twice, example 0, lowers to its meaning']);
});

test('a gradient that is missing', () => {
  const wrong = defineOp({ ...sound, gradient: () => ({ x: undefined }) });
  expect(Object.keys(broken(wrong))).toEqual(['twice, example 0, has its gradient']);
});

test('a gradient of its own on a composite whose body says otherwise', () => {
  const wrong = composite({
    name: 'shifted',
    inputs: { x: float },
    options: { by: option.number(1) },
    body: ({ x }, { by }) => add(x, by),
    gradient: ({ dy, options }) => ({ x: multiply(dy, options.by + 1) }),
    domain: { x: reals() },
    examples: [[[[1]], [2]]],
  });
  expect(Object.keys(broken(wrong))).toEqual(['shifted, example 0, has its gradient']);
});

test('facts and laws that do not hold', () => {
  const wrong = defineOp({
    name: 'difference',
    kind: 'zip',
    inputs: { a: float, b: float },
    type: preserving,
    scalar: ({ a, b }) => a - b,
    lower: { wasm: (s, { a, b }) => s.sub(a, b) },
    gradient: ({ dy }) => ({ a: dy, b: subtract(0, dy) }),
    commutative: true,
    identity: { value: 1, side: 'right' },
    examples: [[[[3], [1]], [2]]],
  });
  expect(Object.keys(broken(wrong))).toEqual(['f(a, b) = f(b, a)', 'f(x, e) = x']);
  const turned = defineOp({ ...sound, gradient: none('it is a test'), involution: true });
  expect(Object.keys(broken(turned))).toEqual(['f(f(x)) = x or f(x)']);
  const falling = composite({
    name: 'falling',
    inputs: { x: float },
    body: ({ x }) => multiply(x, -1),
    laws: [monotone],
    examples: [[[[1]], [-1]]],
  });
  expect(Object.keys(broken(falling))).toEqual(['a ≤ b ⇒ f(a) ≤ f(b)']);
});

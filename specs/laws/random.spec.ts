/** Random numbers: the published vectors of Threefry, equal bits in meaning and lowering, and the shape of the distribution. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scalarLowering } from '../../compiler/ir/inputs.ts';
import type { Primitive } from '../../compiler/op/card.ts';
import type { Values } from '../../compiler/op/values.ts';
import { eagerScalars, known, valueOf } from '../../laws/eager-scalars.ts';
import { threefry } from '../../stdlib/approximations/threefry.ts';
import { randomUniform } from '../../stdlib/ops/random/parts/randomUniform.ts';

const card = randomUniform.card as Primitive;

function drawn(seed: readonly [number, number], step: number, stream: number, size: number): Float64Array {
  const values = (...data: number[]): Values => ({
    dtype: 'int32',
    shape: data.length === 1 ? [] : [data.length],
    data: Float64Array.from(data),
  });
  const type = { dtype: 'float32', shape: [size] } as const;
  return card.evaluate!({ seed: values(...seed), step: values(step) }, { stream, shape: [size] }, type).data;
}

test.each([
  { key: [0, 0], counter: [0, 0], word: 0x6b200159 },
  { key: [-1, -1], counter: [-1, -1], word: 0x1cb996fc },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], word: 0xc4923a9c },
])('Threefry-2x32-20 of $key and $counter is $word, as published', ({ key, counter, word }) => {
  expect(threefry(key[0]!, key[1]!, counter[0]!, counter[1]!) >>> 0).toBe(word);
});

test('the lowering gives the same bits as the meaning', () => {
  const int = fc.integer();
  fc.assert(
    fc.property(int, int, fc.nat(), fc.nat(), fc.nat(1000), (seed0, seed1, step, stream, lane) => {
      const words = [seed0, seed1, step, lane].map((word) => known('i32', word));
      const lowered = valueOf(scalarLowering(card)(eagerScalars, words, { stream }));
      expect(Object.is(lowered, drawn([seed0, seed1], step, stream, lane + 1)[lane])).toBe(true);
    }),
  );
});

test('numbers are even in [0, 1), and those of other steps, streams and seeds have nothing to do with them', () => {
  const size = 20_000;
  const draws = [
    drawn([7, 0], 0, 0, size),
    drawn([7, 0], 1, 0, size),
    drawn([7, 0], 0, 1, size),
    drawn([8, 0], 0, 0, size),
  ];
  const bound = 5 / Math.sqrt(size);
  for (const draw of draws) {
    expect(draw.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 24))).toBe(true);
    const mean = draw.reduce((total, x) => total + x, 0) / size;
    const square = draw.reduce((total, x) => total + x * x, 0) / size;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(bound * Math.sqrt(1 / 12));
    expect(Math.abs(square - 1 / 3)).toBeLessThan(bound * Math.sqrt(4 / 45));
  }
  for (const [i, a] of draws.entries()) {
    for (const b of draws.slice(i + 1)) {
      const together = a.reduce((total, x, k) => total + (x - 0.5) * (b[k]! - 0.5), 0) / size;
      expect(Math.abs(together * 12)).toBeLessThan(bound);
    }
  }
});

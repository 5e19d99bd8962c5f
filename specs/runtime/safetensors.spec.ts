/** Safetensors: what is written reads back, every damage is noticed, and hostile headers are refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Damaged } from '../../runtime/store/damaged.ts';
import type { StoredTensor } from '../../runtime/store/safetensors.ts';
import { decodeSafetensors, encodeSafetensors } from '../../runtime/store/safetensors.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';

const count = tally('safetensors', { files: 400, mutations: 20_000, 'refused mutations': 5_000 });

const stored: fc.Arbitrary<StoredTensor> = fc
  .record({
    dtype: fc.constantFrom('float32' as const, 'int32' as const, 'bool' as const),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
    numbers: fc.infiniteStream(fc.oneof(fc.float(), fc.integer())),
  })
  .map(({ dtype, shape, numbers }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const drawn = Array.from({ length: size }, () => numbers.next().value as number);
    if (dtype === 'float32') return { dtype, shape, values: Float32Array.from(drawn) };
    return { dtype, shape, values: Int32Array.from(drawn, (x) => (dtype === 'bool' ? (x | 0) & 1 : x | 0)) };
  });
const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', '0', 'toString'),
);
const tensors = fc
  .uniqueArray(fc.tuple(name, stored), { selector: ([name]) => name, maxLength: 6 })
  .map((entries) => new Map(entries.filter(([name]) => name !== '__metadata__')));

test('what is written reads back, bit for bit', () => {
  fc.assert(
    fc.property(tensors, fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), (given, metadata) => {
      const bytes = encodeSafetensors(given, metadata);
      const back = decodeSafetensors(bytes);
      expect([...back.keys()].sort()).toEqual([...given.keys()].sort());
      for (const [name, { dtype, shape, values }] of given) {
        expect(back.get(name)).toMatchObject({ dtype, shape });
        expect(Buffer.from(back.get(name)!.values.buffer)).toEqual(Buffer.from(values.buffer));
      }
      expect(encodeSafetensors(back, metadata)).toEqual(bytes);
      count('files');
    }),
    { numRuns: runs(400) },
  );
});

test('a changed file is refused or reads as a whole and sound one, and nothing else is ever thrown', () => {
  fc.assert(
    fc.property(
      tensors,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 60, maxLength: 60, size: 'max' }),
      (given, changes) => {
        const bytes = encodeSafetensors(given);
        for (const [place, byte] of changes) {
          const changed = bytes.slice();
          changed[place % bytes.length] = byte;
          count('mutations');
          if (!decodes(changed)) count('refused mutations');
          // Cut short, there is always something missing.
          expect(decodes(bytes.subarray(0, place % bytes.length))).toBe(false);
        }
        expect(decodes(Uint8Array.of(...bytes, 0))).toBe(false);
      },
    ),
    { numRuns: runs(400) },
  );
});

/** Whether the bytes read; anything but Damaged fails the spec. */
function decodes(bytes: Uint8Array): boolean {
  try {
    decodeSafetensors(bytes);
    return true;
  } catch (error) {
    if (error instanceof Damaged) return false;
    throw error;
  }
}

/** A file of this header and so many bytes of data. */
function fileOf(header: string, data = 0): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const entry = (begin: number, end: number, shape = `[${(end - begin) / 4}]`, dtype = 'F32'): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

describe('hostile files are refused', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['less than a length', new Uint8Array(7)],
    ['a header longer than the file', fileOf('{}').subarray(0, 9)],
    ['a length beyond any memory', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 0x7b, 0x7d)],
    ['a header that begins with a space', fileOf(' {}')],
    ['a header that is a list', fileOf('[]')],
    ['text after the header', fileOf('{} x')],
    ['a key that comes twice', fileOf(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4)],
    ['a key that comes twice, escaped', fileOf(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4)],
    ['an overlap', fileOf(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12)],
    ['a gap', fileOf(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12)],
    ['a first tensor that does not begin at 0', fileOf(`{"a":${entry(4, 8)}}`, 8)],
    ['bytes after the last tensor', fileOf(`{"a":${entry(0, 4)}}`, 8)],
    ['a tensor beyond the file', fileOf(`{"a":${entry(0, 8)}}`, 4)],
    ['offsets in reverse', fileOf(`{"a":${entry(4, 0, '[1]')}}`, 4)],
    ['a shape of another size', fileOf(`{"a":${entry(0, 4, '[2]')}}`, 4)],
    ['a shape whose size overflows', fileOf(`{"a":${entry(0, 4, '[4294967296,4294967296]')}}`, 4)],
    ['a negative size', fileOf(`{"a":${entry(0, 4, '[-1]')}}`, 4)],
    ['a fraction', fileOf(`{"a":${entry(0, 4, '[1.0]')}}`, 4)],
    ['a number beyond exact ones', fileOf(`{"a":${entry(0, 4, '[9007199254740993]')}}`, 4)],
    ['an unknown dtype', fileOf(`{"a":${entry(0, 4, '[1]', 'F33')}}`, 4)],
    [
      'a field that does not belong',
      fileOf(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}`, 4),
    ],
    ['a field that is missing', fileOf(`{"a":{"dtype":"F32","data_offsets":[0,4]}}`, 4)],
    ['metadata that are no texts', fileOf('{"__metadata__":{"a":1}}')],
    ['a truth value of 2', Uint8Array.of(...fileOf(`{"a":${entry(0, 1, '[1]', 'BOOL')}}`), 2)],
    ['bytes that are no UTF-8', Uint8Array.of(4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0xfe, 0x7d)],
    ['very deep nesting', fileOf(`{"a":${'['.repeat(100_000)}`)],
    ['a text without an end', fileOf(`{"${'a'.repeat(1000)}`)],
    ['a text of 20 MB without an end', fileOf(`{"${'a'.repeat(20_000_000)}`)],
    ['an escape at the end', fileOf('{"a\\')],
  ])('%s', (_, bytes) => {
    expect(decodes(bytes)).toBe(false);
  });
});

test('a file of the Python package safetensors (0.8.0) reads, and is written again byte for byte', () => {
  const bytes = Buffer.from(
    'EAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJucCJ9LCJrZXJuZWwiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFf' +
      'b2Zmc2V0cyI6WzAsMjRdfSwibm9uZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCwyXSwiZGF0YV9vZmZzZXRzIjpbMjQsMjRdfSwic3RlcHMi' +
      'OnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzI0LDI4XX0sIm1hc2siOnsiZHR5cGUiOiJCT09MIiwic2hhcGUiOlsz' +
      'XSwiZGF0YV9vZmZzZXRzIjpbMjgsMzFdfX0gIAAAAAAAAIA+AAAAPwAAQD8AAIA/AACgPwcAAAABAAE=',
    'base64',
  );
  const tensors = decodeSafetensors(bytes);
  expect(tensors).toEqual(
    new Map<string, StoredTensor>([
      ['kernel', { dtype: 'float32', shape: [2, 3], values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) }],
      ['none', { dtype: 'float32', shape: [0, 2], values: new Float32Array(0) }],
      ['steps', { dtype: 'int32', shape: [], values: Int32Array.of(7) }],
      ['mask', { dtype: 'bool', shape: [3], values: Int32Array.of(1, 0, 1) }],
    ]),
  );
  expect(Buffer.from(encodeSafetensors(tensors, { format: 'np' })).equals(bytes)).toBe(true);
});

test('names mean nothing to JavaScript', () => {
  const tensor: StoredTensor = { dtype: 'float32', shape: [], values: Float32Array.of(1) };
  const back = decodeSafetensors(encodeSafetensors(new Map([['__proto__', tensor]])));
  expect(back.get('__proto__')).toEqual(tensor);
  expect(({} as Record<string, unknown>).dtype).toBeUndefined();
});

/** A row as one line of JSON, and back: with the numbers, dates and typed arrays that JSON itself has no words for. */
import { DAT705 } from '../../../../compiler/diagnostics/data.ts';
import { refuse } from '../../../../compiler/diagnostics/diagnostic.ts';
import { nowhere } from '../../../../compiler/ir/span.ts';
import { valueText } from '../../value-text.ts';

type Tagged = readonly [tag: string, value: unknown];

const typedArrays = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
] as const;

/** Stands for what follows it: a record with this property alone. One of the user's that has it is written as a list. */
const mark = '~';

/** Throws where the row is no plain data. */
export function textOfRow(row: unknown): string {
  return JSON.stringify(row, function (this: Readonly<Record<string, unknown>>, key: string, given: unknown) {
    // A date has become text in `given` already.
    const tagged = taggedOf(key === '' ? (this[''] ?? given) : this[key]);
    return tagged === undefined ? given : { [mark]: tagged };
  });
}

export function rowOfText(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && mark in value ? untagged(value[mark] as Tagged) : value,
  );
}

function taggedOf(value: unknown): Tagged | undefined {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return ['number', Object.is(value, -0) ? '-0' : String(value)];
  }
  if (value === undefined) return ['undefined', null];
  if (typeof value === 'bigint') return ['bigint', String(value)];
  if (value instanceof Date) return ['date', value.getTime()];
  if (typeof value === 'function' || typeof value === 'symbol') {
    refuse(
      DAT705({
        message: `a ${typeof value} is no data that can be written down`,
        span: nowhere,
        expected: 'plain data',
        received: valueText(value),
      }),
    );
  }
  const kind = typedArrays.find((each) => value instanceof each);
  if (kind && ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return [kind.name, bytes.toString('base64')];
  }
  if (typeof value === 'object' && value !== null && mark in value && !Array.isArray(value)) {
    return ['record', Object.entries(value)];
  }
  return undefined;
}

function untagged([tag, value]: Tagged): unknown {
  if (tag === 'number') return Number(value);
  if (tag === 'bigint') return BigInt(String(value));
  if (tag === 'date') return new Date(Number(value));
  if (tag === 'record') return Object.fromEntries(value as readonly (readonly [string, unknown])[]);
  const kind = typedArrays.find(({ name }) => name === tag);
  if (!kind) return undefined;
  // A copy of its own, so that it is aligned.
  const bytes = new Uint8Array(Buffer.from(String(value), 'base64'));
  return new kind(bytes.buffer);
}

/** From what a message holds to a row. */
import { saying } from '../../compiler/diagnostics/because.ts';
import { BadRow } from '../../dsl/row-options.ts';

/** Makes a row of a message; what it throws makes a bad row of it. */
export type Decode<T> = (bytes: Uint8Array) => T;

export interface DecodeOptions<T> {
  /** Default: JSON. */
  readonly decode?: Decode<T> | undefined;
}

const text = new TextDecoder();

export function decoded<T>(bytes: Uint8Array, { decode = json }: DecodeOptions<T>): T | BadRow {
  try {
    return decode(bytes);
  } catch (error) {
    return new BadRow(text.decode(bytes), `the message cannot be made out: ${saying(error)}`);
  }
}

function json<T>(bytes: Uint8Array): T {
  return JSON.parse(text.decode(bytes)) as T;
}

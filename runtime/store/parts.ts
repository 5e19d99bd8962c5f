/** What parts are made of: tensors, and texts. */
import { Damaged } from './damaged.ts';
import type { Part } from './folder/part.ts';
import { pieceBytes } from './folder/pieces.ts';
import type { Whole } from './folder/read-folder.ts';
import { plainTexts } from './plain/plain-data.ts';
import type { Tensors } from './safetensors.ts';
import { decodeSafetensors, safetensorsPieces } from './safetensors.ts';

/** The tensors must not change until the part is written. */
export function safetensorsPart(stem: string, tensors: Tensors): Part {
  return { stem, extension: 'safetensors', pieces: () => safetensorsPieces(tensors, { format: 'millrace' }) };
}

export function jsonPart(stem: string, text: string): Part {
  return { stem, extension: 'json', pieces: () => encoded([text]) };
}

/** The value must not change until the part is written. NotPlain is thrown by whoever asks for the pieces. */
export function plainPart(stem: string, value: unknown): Part {
  return { stem, extension: 'json', pieces: () => encoded(plainTexts(value, stem)) };
}

/** Texts are made as they are written, which takes longer than a copy. */
const textPieceBytes = pieceBytes / 16;

/** Texts as UTF-8, short ones together and long ones apart. */
function* encoded(texts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const piece = new Uint8Array(textPieceBytes);
  let filled = 0;
  for (const text of texts) {
    for (let rest = text; rest.length > 0; ) {
      const { read, written } = encoder.encodeInto(rest, piece.subarray(filled));
      rest = rest.slice(read);
      filled += written;
      if (rest.length === 0) break;
      yield piece.subarray(0, filled);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** The tensors of a part; undefined where there is no such part, Damaged with its file where it does not read. */
export function tensorsIn(whole: Whole, role: string): Tensors | undefined {
  return decoded(whole, role, decodeSafetensors);
}

export function textIn(whole: Whole, role: string): string | undefined {
  return decoded(whole, role, (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
}

/** A part as `decode` makes it; what is Damaged in it is so in its file. */
export function decoded<T>(
  { parts, contents }: Whole,
  role: string,
  decode: (bytes: Uint8Array) => T,
): T | undefined {
  const bytes = contents.get(role);
  if (!bytes) return undefined;
  try {
    return decode(bytes);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    throw new Damaged(error.message, error.offset, parts.get(role)?.file, error);
  }
}

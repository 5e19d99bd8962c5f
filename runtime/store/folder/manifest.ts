/** Manifests: small JSON files with a checksum over themselves, which name the parts that belong together. */
import { createHash } from 'node:crypto';
import { Damaged } from '../damaged.ts';
import { parseJson, recordOf } from '../plain/parse-json.ts';
import type { PartFact } from './part.ts';
import { isPartName } from './part.ts';

export type Format = 'millrace model' | 'millrace session' | 'millrace checkpoint';

/** The names that a manifest of ours may have, and which format lies under which. */
const formats: readonly (readonly [RegExp, Format])[] = [
  [/^model\.json$/, 'millrace model'],
  [/^session\.json$/, 'millrace session'],
  [/^checkpoint-\d{12}\.json$/, 'millrace checkpoint'],
];

/** Raised when older readers could not make sense of what newer ones write. */
const versions: Readonly<Record<Format, number>> = {
  'millrace model': 3,
  'millrace session': 2,
  'millrace checkpoint': 1,
};

/** A manifest is a few kB; what is longer than this is none. */
export const manifestLimit = 1 << 24;

export interface Manifest {
  /** Everything but format, version, parts and checksum. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** By role. */
  readonly parts: ReadonlyMap<string, PartFact>;
}

export function formatOf(name: string): Format | undefined {
  return formats.find(([pattern]) => pattern.test(name))?.[1];
}

/**
 * Whether a file of this name is one of our manifests, whole or damaged. Others write files called model.json, too. No
 * one damage takes both its beginning and its end; an empty file is nobody's loss.
 */
export function isOurManifest(name: string, text: string): boolean {
  const format = formatOf(name);
  if (format === undefined) return false;
  return text === '' || text.startsWith(`{\n  "format": "${format}",`) || tailPattern.test(text);
}

const tailPattern = /,\n {2}"sha256": "[0-9a-f]{64}"\n\}\n$/;

/** The checksum stands last, and covers every byte before it. */
export function manifestText(format: Format, { facts, parts }: Manifest): string {
  const listed = [...parts].map(([role, { file, bytes, sha256 }]) => ({ role, file, bytes, sha256 }));
  const body = JSON.stringify({ format, version: versions[format], ...facts, parts: listed }, undefined, 2);
  const covered = body.slice(0, -'\n}'.length);
  return covered + tailOf(hashOf(covered));
}

/** Throws Damaged when anything is not as it was written. */
export function readManifest(format: Format, bytes: Uint8Array): Manifest {
  const text = textOf(bytes);
  const version = /^\{\n {2}"format": "([^"]*)",\n {2}"version": (\d{1,9}),/.exec(text);
  if (version?.[1] !== format) throw new Damaged(`this is no ${format}`, 0);
  if (version[2] !== String(versions[format])) {
    const what = `the format has version ${version[2]}, and this Millrace reads version ${versions[format]}`;
    throw new Damaged(what, 0);
  }
  const covered = text.slice(0, -tailOf(hashOf('')).length);
  if (text !== covered + tailOf(hashOf(covered)))
    throw new Damaged('the checksum of the file does not fit', 0);
  // The checksum says that the rest is as we wrote it; what follows guards against a forged one.
  const { format: _, version: __, sha256: ___, parts, ...facts } = recordOf(parseJson(text));
  if (!Array.isArray(parts)) throw new Damaged('the list of parts is missing', 0);
  return { facts, parts: new Map(parts.map(partOf)) };
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function partOf(value: unknown): [role: string, part: PartFact] {
  const { role, file, bytes, sha256 } = recordOf(value);
  const sound =
    typeof role === 'string' &&
    typeof file === 'string' &&
    isPartName(file) &&
    isCount(bytes) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256);
  if (!sound) throw new Damaged('the list of parts is malformed', 0);
  return [role, { file, bytes, sha256 }];
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Damaged('the file is not UTF-8', 0, undefined, error);
  }
}

function tailOf(sha256: string): string {
  return `,\n  "sha256": "${sha256}"\n}\n`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads checkpoints, with or without the lock: beside a writer, too. */
import { join } from 'node:path';
import { Damaged } from '../damaged.ts';
import type { FileSystem } from '../folder/file-system.ts';
import type { Manifest } from '../folder/manifest.ts';
import { isWhole } from '../folder/part.ts';
import type { Whole } from '../folder/read-folder.ts';
import { readFolder, readOnlyManifest } from '../folder/read-folder.ts';
import { isMissing } from '../folder/system-error.ts';
import { decoded, tensorsIn, textIn } from '../parts.ts';
import { decodePlain } from '../plain/plain-data.ts';
import type { Tensors } from '../safetensors.ts';
import type { Checkpoint, Generation } from './generation.ts';
import { bestOf, generationOf, groupPrefix, stepOf } from './generation.ts';

/** A checkpoint in a list. */
export interface Listed extends Generation {
  readonly isBest: boolean;
}

/** One whose files are not as they were written. */
export interface DamagedCheckpoint {
  readonly name: string;
  readonly reason: string;
}

export interface Listing {
  /** The newest first. */
  readonly generations: readonly Listed[];
  readonly damaged: readonly DamagedCheckpoint[];
}

/** The name of a checkpoint, with or without the ending of its manifest. */
export function generationName(name: string): string | undefined {
  const bare = name.replace(/\.json$/, '');
  return stepOf(bare) === undefined ? undefined : bare;
}

/** What manifests say; with `verify`, every byte of the parts is held to it, at some 1.5 GB/s. */
export async function listCheckpoints(fs: FileSystem, folder: string, verify: boolean): Promise<Listing> {
  const generations: Generation[] = [];
  const damaged: DamagedCheckpoint[] = [];
  for (const name of await namesIn(fs, folder)) {
    try {
      const generation = await inspect(fs, folder, name, verify);
      if (generation) generations.push(generation);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      damaged.push({ name, reason: reasonOf(error) });
    }
  }
  const best = bestOf(generations);
  const listed = generations
    .sort((a, b) => b.sequence - a.sequence)
    .map((each) => ({ ...each, isBest: each === best }));
  return { generations: listed, damaged };
}

/** Undefined where there is none of this name, Damaged where it is not as it was written. */
export async function readCheckpoint(
  fs: FileSystem,
  folder: string,
  name: string,
): Promise<Checkpoint | undefined> {
  const whole = await readFolder(fs, folder, `${name}.json`);
  return whole && checkpointOf(name, whole);
}

export function reasonOf({ message, file }: Damaged): string {
  return file === undefined ? message : `${file}: ${message}`;
}

/** The names of checkpoints in a folder, the highest step first; none where there is no folder. */
async function namesIn(fs: FileSystem, folder: string): Promise<readonly string[]> {
  const names = await fs.list(folder).catch((error: unknown): readonly string[] => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names
    .flatMap((name) => (name.endsWith('.json') ? (generationName(name) ?? []) : []))
    .sort()
    .reverse();
}

/** Undefined where it was retired meanwhile. */
async function inspect(
  fs: FileSystem,
  folder: string,
  name: string,
  verify: boolean,
): Promise<Generation | undefined> {
  for (let before: string | undefined; ; ) {
    const manifest = await readOnlyManifest(fs, folder, `${name}.json`);
    if (!manifest) return undefined;
    const broken = await brokenPart(fs, folder, manifest, verify);
    if (broken === undefined) return generationOf(name, manifest);
    // A manifest that was replaced meanwhile does not ask for it any more.
    const asked = JSON.stringify([...manifest.parts]);
    if (asked === before) throw new Damaged('it is not as it was written', 0, broken);
    before = asked;
  }
}

/** The name of a part that is missing, or of another length, or with `verify` of other bytes. */
export async function brokenPart(
  fs: FileSystem,
  folder: string,
  { parts }: Manifest,
  verify: boolean,
): Promise<string | undefined> {
  for (const part of parts.values()) {
    const found = verify
      ? await isWhole(fs, folder, part)
      : (await fs.stat(join(folder, part.file)))?.bytes === part.bytes;
    if (!found) return part.file;
  }
  return undefined;
}

function checkpointOf(name: string, whole: Whole): Checkpoint {
  const generation = generationOf(name, whole);
  const program = textIn(whole, 'program');
  const state = decoded(whole, 'state', (bytes) => ({ value: decodePlain(new TextDecoder().decode(bytes)) }));
  if (program === undefined || !state) throw new Damaged('a part is missing', 0, `${name}.json`);
  const tensors = new Map<string, Tensors>();
  for (const role of whole.parts.keys()) {
    const group = role.startsWith(groupPrefix) ? tensorsIn(whole, role) : undefined;
    if (group) tensors.set(role.slice(groupPrefix.length), group);
  }
  return { generation, program, state: state.value, tensors };
}

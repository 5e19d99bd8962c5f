/** Variables of a session in a directory: their values as safetensors, and a checksum beside them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { RUN808, RUN809 } from '../../compiler/diagnostics/run.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { Damaged } from './damaged.ts';
import { sha256 } from './model-file.ts';
import { previousOf, saveDirectory } from './replace-directory.ts';
import type { Tensors } from './safetensors.ts';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { pathOf } from './save.ts';

const manifestName = 'session.json';
const valuesName = 'variables.safetensors';
const format = 'millrace session';
const kind = { what: 'the variables', saved: 'saved variables', mine: manifestName };

/** What was there is replaced, whole or not at all; RUN808 where nothing can be written. */
export async function saveVariables(tensors: Tensors, directory: string | URL, span: Span): Promise<void> {
  const values = encodeSafetensors(tensors, { format: 'millrace' });
  const manifest = { format, version: 1, file: valuesName, bytes: values.length, sha256: sha256(values) };
  const files = new Map<string, Uint8Array | string>([
    [valuesName, values],
    [manifestName, `${JSON.stringify(manifest, undefined, 2)}\n`],
  ]);
  await saveDirectory(pathOf(directory), files, kind, span);
}

/** RUN808 where there are none, RUN809 where they are damaged. */
export async function readVariables(directory: string | URL, span: Span): Promise<Tensors> {
  const path = pathOf(directory);
  const { manifest, values } = await filesIn(path).catch(() =>
    // A crash while they were being replaced may have left them under their other name.
    filesIn(previousOf(path)).catch((error: unknown) =>
      refuseBecause(
        RUN808({
          message: `the variables cannot be read: ${saying(error)}`,
          span,
          expected: `a directory with ${manifestName} and ${valuesName}`,
          received: path,
        }),
        error,
      ),
    ),
  );
  try {
    const { format: found, version, sha256: claimed } = parsed(manifest);
    if (found !== format) throw new Damaged('these are no variables of a session', 0);
    if (version !== 1)
      throw new Damaged(`the format has version ${String(version)}, and this Millrace reads version 1`, 0);
    if (claimed !== sha256(values)) throw new Damaged('the checksum of the file does not fit', 0);
    return decodeSafetensors(values);
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    return refuseBecause(
      RUN809({
        message: `the saved variables are damaged: ${error.message}`,
        span,
        expected: 'the files as they were saved',
        received: path,
        hint: 'save them again, or take them from a backup',
      }),
      error,
    );
  }
}

async function filesIn(path: string): Promise<{ manifest: string; values: Uint8Array }> {
  const manifest = await readFile(join(path, manifestName), 'utf8');
  return { manifest, values: await readFile(join(path, valuesName)) };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new Damaged('the manifest is no JSON object', 0);
}

/** What goes wrong on the disk, as a user reads it. */

import { join } from 'node:path';
import { refuseBecause, saying } from '../../compiler/diagnostics/because.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN808, RUN809 } from '../../compiler/diagnostics/run.ts';
import { STO801, STO803 } from '../../compiler/diagnostics/stored.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { topOf } from '../../compiler/ir/span.ts';
import { Damaged } from './damaged.ts';
import { Locked, LockLost } from './folder/lock.ts';
import { NotPlain } from './plain/plain-data.ts';

/** What is saved, in a refusal: `the model`. */
export interface Saving {
  readonly what: string;
  readonly folder: string;
  readonly span: Span;
}

/** STO801 where another writer has the folder, RUN808 where it cannot be written. */
export function refuseToSave(error: unknown, { what, folder, span }: Saving): never {
  if (error instanceof DiagnosticError) throw error;
  if (error instanceof Locked || error instanceof LockLost) {
    return refuseBecause(
      STO801({
        message: `${what} cannot be saved: ${error.message}`,
        span,
        expected: 'one writer a folder',
        received: folder,
        hint: 'wait until it has ended, or save into a folder of its own',
      }),
      error,
    );
  }
  if (error instanceof NotPlain) {
    return refuseBecause(
      STO803({
        message: `${what} cannot be saved: ${error.message}`,
        span,
        expected: 'plain data: numbers, texts, lists, records, Map, Set, Date, typed arrays',
        received: error.path,
        hint: 'keep what the state is made from, and make the rest anew from it',
      }),
      error,
    );
  }
  return refuseBecause(
    RUN808({
      message: `${what} cannot be saved: ${saying(error)}`,
      span,
      expected: 'a folder that can be written, with no file of somebody else’s under our names',
      received: folder,
    }),
    error,
  );
}

/** RUN809 where it is damaged, RUN808 where it cannot be read. `span` is told where no file of ours is at fault. */
export function refuseToRead(
  error: unknown,
  { what, folder, span }: Omit<Saving, 'span'> & { readonly span?: Span },
): never {
  if (!(error instanceof Damaged || error instanceof DiagnosticError)) {
    return refuseBecause(
      RUN808({
        message: `${what} cannot be read: ${saying(error)}`,
        span: span ?? topOf(folder),
        expected: 'a folder that it was saved in',
        received: folder,
      }),
      error,
    );
  }
  const at = error instanceof Damaged && error.offset > 0 ? ` (at byte ${error.offset})` : '';
  const file = error instanceof Damaged && error.file !== undefined ? join(folder, error.file) : folder;
  return refuseBecause(
    RUN809({
      message: `${what} is damaged: ${error.message}${at}`,
      span: topOf(file),
      expected: 'the file as it was saved',
      received: file,
      hint: 'save it again, or take it from a backup',
    }),
    error,
  );
}

/** How a type rule or a body says that its inputs do not fit; whoever called the op adds the place. */
import type { Details, Diagnostic } from '../diagnostics/diagnostic.ts';

/** What a type rule has against its inputs. */
export interface Mismatch {
  /** Which diagnostic; default SHP201. */
  readonly code?: (details: Details) => Diagnostic;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** Which input is at fault, by its place among them; its declaration becomes the second place. */
  readonly blame?: number;
  readonly label?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly hint?: string;
}

/** Thrown by type rules and bodies; the call of the op turns it into a diagnostic. */
export class TypeMismatch extends Error {
  readonly mismatch: Mismatch;

  constructor(mismatch: Mismatch) {
    super(mismatch.message);
    this.mismatch = mismatch;
  }
}

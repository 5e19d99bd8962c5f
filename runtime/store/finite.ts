/** Refuses weights that are not finite: nobody could go on from them, and they would push good ones out. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { STO802 } from '../../compiler/diagnostics/stored.ts';
import { nowhere } from '../../compiler/ir/span.ts';
import { pieceBytes, Turns } from './folder/pieces.ts';
import type { Tensors } from './safetensors.ts';

/** STO802, with the first tensor that holds a value that is not finite, and how many of how many. */
export async function checkFinite(
  tensors: Tensors,
  label: (id: string) => string = (id) => id,
): Promise<void> {
  const turns = new Turns();
  for (const [id, { dtype, values }] of tensors) {
    if (dtype !== 'float32') continue;
    let count = 0;
    let first = 0;
    for (let from = 0; from < values.length; from += pieceBytes / 4) {
      const end = Math.min(from + pieceBytes / 4, values.length);
      for (let i = from; i < end; i++) if (!Number.isFinite(values[i]) && count++ === 0) first = i;
      await turns.after(4 * (end - from));
    }
    if (count === 0) continue;
    refuse(
      STO802({
        message: `${label(id)} is not finite: ${count} of its ${values.length} values`,
        span: nowhere,
        expected: 'finite weights',
        received: `${values[first]} at ${first}`,
        hint: 'nanGuard() ends a run when this begins; save(directory, { allowNonFinite: true }) saves them all the same',
      }),
    );
  }
}

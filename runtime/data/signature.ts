/** What makes a position in a dataset the same position: its stages with their arguments, as text. */
import type { Batches } from '../../dsl/dataset.ts';
import type { Stage } from '../../dsl/stage.ts';
import { valueText } from './value-text.ts';

/** Two datasets of one signature read the same positions; what their functions do is not known. */
export function signatureOf({ rows, size, dropRemainder }: Batches): string {
  return `${textOf(rows.stage)} → batch ${size}${dropRemainder ? ', whole' : ''}`;
}

function textOf({ name, args, parents, schema }: Stage): string {
  // What a source reads is not part of it: data that grow are still the same data.
  const told = parents.length === 0 ? Object.keys(schema) : Object.entries(args).map(argumentText);
  const own = `${name}(${told.join(', ')})`;
  return parents.length === 0 ? own : `${parents.map(textOf).join(' & ')} → ${own}`;
}

function argumentText([name, value]: readonly [string, unknown]): string {
  return `${name}: ${typeof value === 'function' ? 'a function' : valueText(value)}`;
}

/** What the kernels of a program are built from, beside their groups. */
import type { Node } from '../../ir/node.ts';
import type { RegionTable } from '../4-memory/region-table.ts';

export interface BuildContext {
  /** The values that have memory of their own. */
  readonly kept: ReadonlySet<Node>;
  /** Those that are read outside the stage that makes them, and so must be stored. */
  readonly stored: ReadonlySet<Node>;
  readonly regions: RegionTable;
}

/** Batches of a table: gathered column by column, by index, from any position, without objects or promises. */
import type { Batches } from '../../../dsl/dataset.ts';
import type { Numbers } from '../../engines/engine.ts';
import type { BatchSource, Feed, Inputs } from '../batch-source.ts';
import type { Table } from './table.ts';
import { gather, widthOf } from './table.ts';
import type { Order, View } from './view.ts';
import { lengthOf, orderOf } from './view.ts';

type Batching = Pick<Batches, 'size' | 'dropRemainder'>;

export function tableFeed(table: Table, view: View, batching: Batching): Feed {
  return {
    // A position is the number of rows before it: any can be gone to at once.
    epoch(epoch, from = 0) {
      const position = Number(from);
      if (!Number.isSafeInteger(position) || position < 0) throw new Error('internal: a place among no rows');
      return new TableBatches(table, view, epoch, batching, position);
    },
    batchesIn(epoch) {
      const batches = (lengthOf(view) ?? orderOf(view, epoch).length) / batching.size;
      if (!Number.isFinite(batches)) return undefined;
      return batching.dropRemainder ? Math.floor(batches) : Math.ceil(batches);
    },
    isPushed: false,
    waiting: () => 0,
    settle: () => async () => {},
  };
}

interface Copy {
  readonly source: Numbers;
  readonly width: number;
  readonly target: Numbers;
}

class TableBatches implements BatchSource {
  private readonly table: Table;
  private readonly order: Order;
  private readonly batching: Batching;
  private readonly rows: Int32Array;
  private readonly epoch: number;
  private position: number;
  private closed = false;
  /** Rows in the batch given last. */
  private given = 0;
  private inputs: Inputs | undefined;
  private copies: readonly Copy[] = [];

  constructor(table: Table, view: View, epoch: number, batching: Batching, position: number) {
    this.table = table;
    this.epoch = epoch;
    this.order = orderOf(view, epoch);
    this.batching = batching;
    this.position = position;
    this.rows = new Int32Array(batching.size);
  }

  next(inputs: Inputs): number {
    const { order, rows, position, batching, table } = this;
    if (this.closed) return 0;
    const count = Math.max(0, Math.min(batching.size, order.length - position));
    if (count < batching.size && batching.dropRemainder) return 0;
    if (inputs !== this.inputs) this.aim(inputs);
    for (let i = 0; i < count; i++) rows[i] = order.at(position + i);
    if (table.ensure) {
      const { epoch } = this;
      for (let i = 0; i < count; i++) table.ensure(rows[i]!, { epoch, index: position + i });
    }
    for (const { source, width, target } of this.copies) gather(source, width, rows, count, target);
    this.position = position + count;
    this.given = count;
    return count;
  }

  giveBack(): void {
    this.position -= this.given;
    this.given = 0;
  }

  state(): number {
    return this.position;
  }

  /** The position is moved when the batch is there. */
  isWholeAfter(): boolean {
    return true;
  }

  close(): void {
    this.closed = true;
  }

  private aim(inputs: Inputs): void {
    this.inputs = inputs;
    this.copies = Object.entries(inputs).map(([name, target]) => {
      const column = this.table.schema[name];
      const source = this.table.columns.get(name);
      if (!column || !source) throw new Error(`internal: the data have no column ${name}`);
      return { source, width: widthOf(column), target };
    });
  }
}

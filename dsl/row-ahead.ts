/** A cursor of which a row may be asked for before anybody waits for it: no row is lost, whenever it comes. */
import type { Cursor, OpenCursor, PlainData } from './stage.ts';
import { endOfRows } from './stage.ts';

/** What is given where no row is there. A row may be anything else, `undefined` included. */
export const noRow: unique symbol = Symbol('no row');

export interface AheadState {
  /** The row that came and was not taken, in a list of its own. */
  readonly ahead?: readonly unknown[];
  readonly rows: PlainData;
}

type Come = { readonly row: unknown } | { readonly error: unknown };

/** Holds one row at most. */
export class RowAhead {
  /** Kept when a row that was asked for, the end or a failure is there; it never rejects. Undefined where none is awaited. */
  coming: Promise<void> | undefined;
  private readonly rows: Cursor;
  private come: Come | undefined;

  constructor(open: OpenCursor, epoch: number, from: AheadState | undefined) {
    this.rows = open(epoch, from?.rows);
    if (from?.ahead) this.come = { row: from.ahead[0] };
  }

  /** The next row or the end, where it is there; else `noRow`, and it is asked for. */
  take(): unknown {
    const { come } = this;
    if (come) {
      this.come = undefined;
      if ('error' in come) throw come.error;
      return come.row;
    }
    if (this.coming) return noRow;
    const row = this.rows.next();
    if (!(row instanceof Promise)) return row;
    const arrived = (given: Come): void => {
      this.come = given;
      this.coming = undefined;
    };
    this.coming = row.then(
      (given) => arrived({ row: given }),
      (error: unknown) => arrived({ error }),
    );
    return noRow;
  }

  /** How many rows came and were not taken. */
  get waiting(): number {
    return this.come && 'row' in this.come && this.come.row !== endOfRows ? 1 : 0;
  }

  state(): AheadState {
    const { come, rows } = this;
    const isRow = come && 'row' in come && come.row !== endOfRows;
    return { ...(isRow && { ahead: [come.row] }), rows: rows.state() };
  }

  close(): void {
    this.rows.close();
  }
}

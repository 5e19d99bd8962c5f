/** Windows of event time that are still open, and the rows in them. */

export type Key = string | number | undefined;

/** A row with its own time. */
export interface TimedRow {
  readonly row: unknown;
  readonly time: number;
  readonly key: Key;
}

/** A window whose rows are all there, in the order of their times; those of one time as they came. */
export interface ClosedWindow {
  readonly start: number;
  readonly end: number;
  readonly key: Key;
  readonly rows: readonly unknown[];
}

/** Which windows there are: of fixed size, or as long as things go on happening. */
export type Windowing = { readonly size: number; readonly every: number } | { readonly gap: number };

interface OpenWindow {
  readonly start: number;
  readonly end: number;
  readonly key: Key;
  readonly rows: TimedRow[];
}

export class OpenWindows {
  private readonly windowing: Windowing;
  /** By key and start. */
  private readonly windows = new Map<Key, Map<number, OpenWindow>>();
  /** The place of each row among those that came. */
  private readonly places = new Map<TimedRow, number>();
  private came = 0;
  /** No window ends before it. */
  private earliest = Number.POSITIVE_INFINITY;

  /** Windows as they were, of the rows that were in them. */
  constructor(windowing: Windowing, rows: readonly TimedRow[], watermark: number) {
    this.windowing = windowing;
    // A session is open by its last row, whatever its first ones are.
    const from = 'gap' in windowing ? Number.NEGATIVE_INFINITY : watermark;
    for (const timed of rows) this.add(timed, from);
  }

  /** How many rows are in windows that are open. */
  get size(): number {
    return this.places.size;
  }

  /** The rows in open windows, as they came. */
  get rows(): readonly TimedRow[] {
    return [...this.places.keys()];
  }

  /** Puts a row into all its windows that end after the watermark. Says whether there is one. */
  add(timed: TimedRow, watermark: number): boolean {
    const ofKey = this.windows.get(timed.key) ?? new Map<number, OpenWindow>();
    const { windowing } = this;
    const isIn =
      'gap' in windowing
        ? this.intoSession(ofKey, timed, windowing.gap, watermark)
        : this.intoFixed(ofKey, timed, windowing, watermark);
    if (!isIn) return false;
    this.windows.set(timed.key, ofKey);
    this.places.set(timed, this.came++);
    return true;
  }

  /** Takes out the windows that end at the watermark or before it: by their ends, then starts, then keys. */
  close(watermark: number): readonly ClosedWindow[] {
    if (watermark < this.earliest) return [];
    const closed: OpenWindow[] = [];
    const open = new Set<TimedRow>();
    this.earliest = Number.POSITIVE_INFINITY;
    for (const [key, ofKey] of this.windows) {
      for (const window of ofKey.values()) {
        if (window.end <= watermark) {
          closed.push(window);
          ofKey.delete(window.start);
        } else {
          this.earliest = Math.min(this.earliest, window.end);
          for (const timed of window.rows) open.add(timed);
        }
      }
      if (ofKey.size === 0) this.windows.delete(key);
    }
    const byTime = (a: TimedRow, b: TimedRow): number => a.time - b.time || this.placeOf(a) - this.placeOf(b);
    const inOrder = closed
      .sort(byEnd)
      .map((window): ClosedWindow => ({ ...window, rows: window.rows.sort(byTime).map(({ row }) => row) }));
    for (const timed of this.places.keys()) if (!open.has(timed)) this.places.delete(timed);
    return inOrder;
  }

  private intoFixed(
    ofKey: Map<number, OpenWindow>,
    timed: TimedRow,
    { size, every }: { readonly size: number; readonly every: number },
    watermark: number,
  ): boolean {
    const { time, key } = timed;
    let isIn = false;
    const latest = Math.floor(time / every) * every;
    for (let start = latest; start + size > time && start + size > watermark; start -= every) {
      const window = ofKey.get(start) ?? { start, end: start + size, key, rows: [] };
      window.rows.push(timed);
      this.put(ofKey, window);
      isIn = true;
    }
    return isIn;
  }

  private intoSession(
    ofKey: Map<number, OpenWindow>,
    timed: TimedRow,
    gap: number,
    watermark: number,
  ): boolean {
    const { time, key } = timed;
    const near = [...ofKey.values()].filter(({ start, end }) => start < time + gap && time < end);
    const session: OpenWindow = {
      start: Math.min(time, ...near.map(({ start }) => start)),
      end: Math.max(time + gap, ...near.map(({ end }) => end)),
      key,
      rows: [...near.flatMap(({ rows }) => rows), timed],
    };
    if (session.end <= watermark) return false;
    for (const { start } of near) ofKey.delete(start);
    this.put(ofKey, session);
    return true;
  }

  private put(ofKey: Map<number, OpenWindow>, window: OpenWindow): void {
    ofKey.set(window.start, window);
    this.earliest = Math.min(this.earliest, window.end);
  }

  private placeOf(timed: TimedRow): number {
    return this.places.get(timed) ?? 0;
  }
}

function byEnd(a: OpenWindow, b: OpenWindow): number {
  return a.end - b.end || a.start - b.start || byKey(a.key, b.key);
}

/** Numbers before texts, each as they are in order. */
function byKey(a: Key, b: Key): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return String(a) < String(b) ? -1 : 1;
}

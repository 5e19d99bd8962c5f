/** Remembers the last steps of a run, so that they can be made again: snapshots of all states, and the batches since. */
import type { Compiled } from '../../../compiler/compile.ts';
import type { Numbers, Runnable, Session } from '../../engines/engine.ts';

export interface RecentOptions {
  /** Steps from one snapshot to the next. Default 256. */
  readonly every?: number | undefined;
  /** The most that copies of batches may take, in bytes; snapshots come on top, at most two. Default 64 MiB. */
  readonly bytes?: number | undefined;
}

/** All states by id. */
export type States = ReadonlyMap<string, Numbers>;

/** A remembered batch: its columns at the engine's capacity, of which `rows` count. */
export interface RecentBatch {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, Numbers>>;
}

/** What another than the step program wrote before a step. */
interface Write {
  readonly state: string;
  readonly values: Numbers;
}

interface Slot {
  rows: number;
  /** In the order of the program's inputs. */
  readonly columns: readonly Numbers[];
  /** The memory of all columns, as it lies in the engine. */
  readonly stretch: Uint8Array | undefined;
  writes: Write[];
}

/** A snapshot, and the steps from there to the next one. */
interface Window {
  readonly states: States;
  readonly slots: Slot[];
  length: number;
}

/**
 * Two windows of steps: the present one and the one before it, so that there are at least `every` steps to go back by. An
 * engine repeats itself to the bit, so a step made again from the same states and batch is the same step.
 *
 *     const recent = new RecentSteps(session, compiled);
 *     …                                             // a batch lies in the step program's inputs
 *     recent.before(rows);
 *     program.run(rows);
 *     if (!hasFiniteLoss(program, compiled)) {
 *       const mended = mend(recent, policy);        // skip, clip, rollback: training goes on with the next batch
 *       if (!mended) { const failure = findFailure(recent); … nonFiniteDiagnostic(failure.found, …) }
 *     }
 *
 * `wrote(…ids)` is called when anything but the step program has changed states (sums that were reset, a learning rate),
 * `restart()` after a restore. Nothing is allocated at a step, once two windows are through, but for the snapshots.
 */
export class RecentSteps {
  readonly compiled: Compiled;
  private readonly session: Session;
  private readonly program: Runnable;
  private readonly names: readonly string[];
  private readonly inputs: readonly Numbers[];
  /** The memory of all inputs, where they lie side by side: then a batch is copied in one go. */
  private readonly stretch: Uint8Array | undefined;
  private readonly every: number;
  private older: Window | undefined;
  private present: Window | undefined;
  private writes: Write[] = [];
  /** Slots that no window uses. */
  private free: Slot[] = [];

  constructor(session: Session, compiled: Compiled, { every = 256, bytes = 2 ** 26 }: RecentOptions = {}) {
    this.session = session;
    this.compiled = compiled;
    this.program = session.program(compiled.contract.step.program);
    this.names = Object.keys(this.program.inputs);
    this.inputs = Object.values(this.program.inputs);
    const batch = this.inputs.reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.stretch = stretchOf(this.inputs, batch);
    this.every = Math.max(1, Math.min(every, Math.floor(bytes / 2 / Math.max(1, batch))));
  }

  /** How many steps are remembered. */
  get count(): number {
    return (this.older?.length ?? 0) + (this.present?.length ?? 0);
  }

  /** Remembers the batch that lies in the program's inputs. */
  before(rows: number): void {
    const { inputs, stretch } = this;
    const window = this.present && this.present.length < this.every ? this.present : this.turn();
    const slot = window.slots[window.length] ?? this.slot(window);
    window.length++;
    slot.rows = rows;
    // Rows beyond those of the batch go along: copying is cheap, choosing is not.
    if (stretch && slot.stretch) slot.stretch.set(stretch);
    else for (const [i, column] of inputs.entries()) slot.columns[i]?.set(column);
    if (this.writes.length > 0 || slot.writes.length > 0) {
      slot.writes = this.writes;
      this.writes = [];
    }
  }

  /** Says that states were written since the last step; their present values are remembered with the next one. */
  wrote(...ids: readonly string[]): void {
    for (const state of ids) this.writes.push({ state, values: this.session.read(state) });
  }

  /** Forgets all steps: the next one begins from the states as they are then. */
  restart(): void {
    this.free = [...this.free, ...(this.older?.slots ?? []), ...(this.present?.slots ?? [])];
    this.older = this.present = undefined;
    this.writes = [];
  }

  /** The batch of a remembered step, counted from the oldest. It stays as it is until the next `before`. */
  batch(index: number): RecentBatch {
    const { slot } = this.at(index);
    return { rows: slot.rows, inputs: this.columnsOf(slot) };
  }

  /**
   * The states before a remembered step, counted from the oldest, by default the newest: its steps are made again from
   * the snapshot before it, in the session, which is left there. `session` may be another one of the same module.
   */
  replay(session: Session = this.session, index: number = this.count - 1): States {
    const { window, within } = this.at(index);
    this.restore(window.states, session);
    for (let each = index - within; each < index; each++) {
      this.rewrite(each, session);
      this.run(each, session);
    }
    this.rewrite(index, session);
    return this.states(session);
  }

  /** Makes a remembered step on the states as they are. */
  run(index: number, session: Session = this.session): Runnable {
    const { slot } = this.at(index);
    const program = session.program(this.compiled.contract.step.program);
    for (const [i, name] of this.names.entries()) {
      const column = slot.columns[i];
      if (column) program.inputs[name]?.set(column);
    }
    program.run(slot.rows);
    return program;
  }

  /** Writes what was written before a remembered step. */
  rewrite(index: number, session: Session = this.session): void {
    for (const { state, values } of this.at(index).slot.writes) session.write(state, values);
  }

  /** The snapshots, newest first, each with the index of the step that it stands before. */
  snapshots(): readonly { readonly index: number; readonly states: States }[] {
    const { older, present } = this;
    return [
      ...(present ? [{ index: older?.length ?? 0, states: present.states }] : []),
      ...(older ? [{ index: 0, states: older.states }] : []),
    ];
  }

  /** All states of a session. */
  states(session: Session = this.session): States {
    return new Map(this.compiled.module.state.map(({ id }) => [id, session.read(id)]));
  }

  restore(states: States, session: Session = this.session): void {
    for (const [id, values] of states) session.write(id, values);
  }

  private at(index: number): { readonly window: Window; readonly within: number; readonly slot: Slot } {
    const before = this.older?.length ?? 0;
    const [window, within] = index < before ? [this.older, index] : [this.present, index - before];
    const slot = window && within < window.length ? window.slots[within] : undefined;
    if (!window || !slot) throw new Error(`internal: step ${index} is not remembered`);
    return { window, within, slot };
  }

  private columnsOf({ columns }: Slot): Record<string, Numbers> {
    return Object.fromEntries(
      this.names.flatMap((name, i) => {
        const column = columns[i];
        return column ? [[name, column]] : [];
      }),
    );
  }

  /** The present window becomes the older one; what that one kept is used again. */
  private turn(): Window {
    const slots = this.older?.slots ?? this.free.splice(0, this.every);
    this.older = this.present;
    this.present = { states: this.states(), slots, length: 0 };
    return this.present;
  }

  private slot(window: Window): Slot {
    const stretch = this.stretch?.slice();
    const columns = this.inputs.map((column) =>
      stretch && this.stretch ? within(stretch, column, this.stretch.byteOffset) : column.slice(),
    );
    const slot: Slot = { rows: 0, columns, stretch, writes: [] };
    window.slots.push(slot);
    return slot;
  }
}

/** The memory that all columns lie in, if they share one and nothing else lies between. */
function stretchOf(columns: readonly Numbers[], bytes: number): Uint8Array | undefined {
  const [first, ...others] = columns.toSorted((a, b) => a.byteOffset - b.byteOffset);
  const last = others.at(-1) ?? first;
  if (!first || !last || columns.some(({ buffer }) => buffer !== first.buffer)) return undefined;
  if (last.byteOffset + last.byteLength - first.byteOffset !== bytes) return undefined;
  return new Uint8Array(first.buffer, first.byteOffset, bytes);
}

/** The copy of a column within the copy of the stretch that begins at `start`. */
function within({ buffer }: Uint8Array, column: Numbers, start: number): Numbers {
  const offset = column.byteOffset - start;
  return column instanceof Float32Array
    ? new Float32Array(buffer, offset, column.length)
    : new Int32Array(buffer, offset, column.length);
}

/** Keeps and takes up again what training has changed, in memory. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import type { CommandKind } from './command.ts';
import { lacking } from './command.ts';

export interface TakeSnapshot {
  readonly command: 'snapshot';
  readonly generation: string;
}

export interface Restore {
  readonly command: 'restore';
  readonly generation: string;
}

export interface AtEnd {
  readonly command: 'atEnd';
  readonly then: Restore | undefined;
}

/** Keeps weights, layers' state, optimizer's slots and its step in memory under a name; an older one of that name goes. */
export function snapshot(generation: string): TakeSnapshot {
  return { command: 'snapshot', generation };
}

/** Takes up a snapshot again: training goes on as it did from there, on the data that come now. */
export function restore(generation: string): Restore {
  return { command: 'restore', generation };
}

/**
 * Restores a snapshot when the run ends, however it ends: finished, cancelled or failed. The last one that a hook
 * asked for counts; without an argument nothing is restored.
 */
export function atEnd(then?: Restore): AtEnd {
  return { command: 'atEnd', then };
}

export const snapshotting: CommandKind<TakeSnapshot> = {
  command: 'snapshot',
  counts: 'always',
  perform({ generation }, { snapshots, loaded, state, tell }) {
    snapshots.keep(generation, { values: loaded.snapshot(), step: state.step, validation: state.validation });
    tell({ type: 'checkpointSaved', generation, place: 'memory' });
  },
};

export const restoring: CommandKind<Restore> = {
  command: 'restore',
  perform({ generation }, { snapshots, loaded, state, tell }, asker) {
    const kept = snapshots.get(generation);
    if (!kept) {
      const known = snapshots.names.join(', ') || 'a snapshot that was made before';
      return refuse(lacking(asker, 'a snapshot that does not exist', known, generation));
    }
    loaded.restore(kept.values);
    // What was measured of the weights that are gone says nothing about these.
    state.validation = kept.validation;
    tell({ type: 'checkpointRestored', generation, place: 'memory', from: kept.step });
  },
};

export const ending: CommandKind<AtEnd> = {
  command: 'atEnd',
  counts: 'always',
  perform({ then }, { state }, asker) {
    state.endings = { ...state.endings, [asker]: then?.generation };
  },
};

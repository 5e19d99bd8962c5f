/** One checkpoint of a run: a manifest and its parts. */
import { Damaged } from '../damaged.ts';
import type { Manifest } from '../folder/manifest.ts';
import { isCount } from '../folder/manifest.ts';
import type { Tensors } from '../safetensors.ts';

export type Mode = 'min' | 'max';

/** What is said of a checkpoint without reading its contents. */
export interface Generation {
  /** `checkpoint-000000000500`; with `.json` it is the name of its manifest. */
  readonly name: string;
  /** Counts the checkpoints of a folder: the newest has the highest, even where a run went back some steps. */
  readonly sequence: number;
  readonly step: number;
  readonly epoch: number;
  /** In milliseconds since 1970. */
  readonly time: number;
  /** Of all its parts; other checkpoints may share some of them. */
  readonly bytes: number;
  readonly loss?: number;
  /** What the best one is chosen by. */
  readonly metric?: { readonly value: number; readonly mode: Mode };
}

/** A checkpoint with its contents. */
export interface Checkpoint {
  readonly generation: Generation;
  /** As it was given: plain data. */
  readonly state: unknown;
  /** By group: `weights`, and the caller's own. */
  readonly tensors: ReadonlyMap<string, Tensors>;
  readonly program: string;
}

/** Hears of checkpoints that are passed over, by name, and of what is wrong with them. */
export type OnDamaged = (name: string, reason: string) => void;

/** A group of tensors is a part of the role `tensors/<group>`. */
export const groupPrefix = 'tensors/';

const namePattern = /^checkpoint-(\d{12})$/;

export function nameOf(step: number): string {
  if (!isCount(step) || step >= 1e12) throw new Error(`internal: there is no step ${step}`);
  return `checkpoint-${String(step).padStart(12, '0')}`;
}

/** The step of a checkpoint by its name; undefined where it is none's. */
export function stepOf(name: string): number | undefined {
  const step = namePattern.exec(name)?.[1];
  return step === undefined ? undefined : Number(step);
}

export type Facts = Omit<Generation, 'name' | 'bytes'>;

export function factsFor({ sequence, step, epoch, time, loss, metric }: Facts): Manifest['facts'] {
  return {
    sequence,
    step,
    epoch,
    time,
    // JSON has no other numbers; and what is not finite is nobody's best.
    ...(Number.isFinite(loss) && { loss }),
    ...(metric && Number.isFinite(metric.value) && { metric: [metric.mode, metric.value] }),
  };
}

/** Throws Damaged when anything is not as it was written. */
export function generationOf(name: string, { facts, parts }: Manifest): Generation {
  const { sequence, step, epoch, time, loss, metric } = facts;
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  const sound =
    isCount(sequence) &&
    isCount(step) &&
    step === stepOf(name) &&
    isCount(epoch) &&
    isNumber(time) &&
    (loss === undefined || isNumber(loss));
  if (!sound) throw new Damaged('a fact of the checkpoint is missing or malformed', 0, `${name}.json`);
  const bytes = [...parts.values()].reduce((sum, part) => sum + part.bytes, 0);
  const chosen = metric === undefined ? undefined : metricOf(metric);
  return {
    ...{ name, sequence, step, epoch, time, bytes },
    ...(loss !== undefined && { loss }),
    ...(chosen && { metric: chosen }),
  };
}

function metricOf(value: unknown): NonNullable<Generation['metric']> {
  const [mode, number]: readonly unknown[] = Array.isArray(value) ? value : [];
  if ((mode === 'min' || mode === 'max') && typeof number === 'number') return { mode, value: number };
  throw new Damaged('the metric of the checkpoint is malformed', 0);
}

/** The best by the metric of the newest that has one; of equals, the oldest. */
export function bestOf(generations: readonly Generation[]): Generation | undefined {
  const measured = generations.filter(({ metric }) => metric).sort((a, b) => a.sequence - b.sequence);
  const mode = measured.at(-1)?.metric?.mode;
  const sign = mode === 'max' ? -1 : 1;
  const key = ({ metric }: Generation): number => sign * (metric?.value ?? 0);
  return measured
    .filter(({ metric }) => metric?.mode === mode)
    .reduce<Generation | undefined>(
      (best, each) => (best && key(best) <= key(each) ? best : each),
      undefined,
    );
}

/** Reads what a checkpoint says of a run. Its checksums tell that nobody changed it since it was written, not who wrote it. */
import { Damaged } from '../../store/damaged.ts';
import { isCount } from '../../store/folder/manifest.ts';
import type { CapturedState } from './capture.ts';

type Check = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));
const isNumber: Check = (value) => typeof value === 'number';
const isText: Check = (value) => typeof value === 'string';
const isAnything: Check = () => true;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const recordOf =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);
const shaped =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(members).every(([name, check]) => check(value[name]));

/** The names of checkpoints have room for steps below this. */
const isPlace: Check = (value) => isCount(value) && value < 1e12;

const evaluation = { loss: isNumber, losses: optional(recordOf(isNumber)), metrics: recordOf(isNumber) };
const isEvaluation = shaped(evaluation);
/** Of a batch or an epoch. */
const isUntold = shaped({
  type: (value) => ['epochStarted', 'batchFinished', 'epochFinished'].includes(String(value)),
  ...{ number: isCount, time: isNumber, step: isPlace, epoch: isPlace },
});
const isAsked = listOf(shaped({ hook: isText, command: shaped({ command: isText }) }));

const isRun = shaped({
  step: isPlace,
  epoch: isPlace,
  events: isCount,
  epochBegan: optional(isPlace),
  data: isAnything,
  seen: optional(isEvaluation),
  beforeEvaluation: (value) => value === undefined,
  stopped: optional(isText),
  history: listOf(
    shaped({
      ...{ type: (value) => value === 'epochFinished', number: isCount, time: isNumber },
      ...{ step: isPlace, epoch: isPlace, validation: optional(isEvaluation) },
      ...evaluation,
    }),
  ),
  validation: optional(isEvaluation),
  rejected: recordOf(isCount),
  hooks: recordOf(isAnything),
  asked: isAsked,
  due: optional(isAsked),
  untold: optional(isUntold),
  endings: recordOf(optional(isText)),
});

const isCaptured = shaped({
  run: isRun,
  seed: (value) => Number.isSafeInteger(value),
  program: isText,
  data: isText,
  snapshots: listOf(shaped({ generation: isText, step: isPlace, validation: optional(isEvaluation) })),
});

/** Throws Damaged where it is nothing that `capture` has made. */
export function capturedStateFrom(value: unknown): CapturedState {
  const captured = isCaptured(value) ? (value as CapturedState) : malformed();
  const { step, epoch, epochBegan } = captured.run;
  if (epochBegan !== undefined && (epochBegan > step || epoch === 0)) malformed();
  return { ...captured, run: { ...captured.run, due: captured.run.due ?? [] } };
}

function malformed(): never {
  throw new Damaged('its state is not that of a run', 0);
}

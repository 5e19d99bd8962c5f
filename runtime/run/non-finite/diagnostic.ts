/** RUN802 with the place where a value stopped being finite: `log(x) received 0 in row 17 of the batch`. */
import type { Details, Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN802 } from '../../../compiler/diagnostics/run.ts';
import { beginningOf } from '../../../compiler/ir/span.ts';
import type { Held, NonFinite, Operand } from './found.ts';

/** The step that failed, as its `batchFinished` event tells it. */
export interface FailedBatch {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  /** Its number in the epoch, from 1, where that is known. */
  readonly batch?: number;
}

type Facts = Pick<Details, 'expected' | 'received' | 'hint'>;

/** What was found, as the run says it. The place is the user's call, or the pipeline's where a value came with the data. */
export function nonFiniteDiagnostic(found: NonFinite, event: FailedBatch): Diagnostic {
  const { span, written, origin } = found;
  const isLong = span.endLine > span.line && (found.part === 'update' || origin !== 'op');
  return RUN802({
    message: `${became(found, event)}: ${causeText(found)}`,
    span: isLong ? beginningOf(span) : span,
    labels: written
      .filter(({ file }) => file !== '')
      .slice(0, 1)
      .map((place) => ({ span: place, text: 'an infinity is written here' })),
    ...factsOf(found),
  });
}

function became({ reached, became: value }: NonFinite, { step, batch, epoch }: FailedBatch): string {
  const when = batch === undefined ? `at step ${step}` : `at step ${step}, batch ${batch} of epoch ${epoch}`;
  return `${reached === 'loss' ? 'the loss' : stateText(reached)} became ${value} ${when}`;
}

function stateText({ role, label }: Held): string {
  return role === 'param' ? `the parameter ${label}` : label;
}

/** As many digits as binary32 has. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(7)));
}

function causeText(found: NonFinite): string {
  const { origin, value, column, state } = found;
  switch (origin) {
    case 'column':
      return `the column ${column} is ${value}${inRow(found)}`;
    case 'state':
      return `${state ? stateText(state) : 'a state'} was ${value} before the step`;
    case 'constant':
      return `it was computed from a constant that is ${value}`;
    case 'op':
      return `${callText(found)} received ${given(found)}${inRow(found)}`;
  }
}

/** `log(x)`, `divide(a, b) in softmax of dense`, `multiply(x, y) in the gradient of sqrt`, … in the update of w by adam`. */
function callText({ op, operands, part, of, within, parameter }: NonFinite): string {
  const call = `${op}(${operands.map(({ name }) => name).join(', ')})`;
  const called = within.filter((name) => name !== op).reverse();
  const inside = called.length > 0 ? ` in ${called.join(' of ')}` : '';
  if (part === 'gradient')
    return `${call} in the gradient${of === undefined ? '' : ` of ${of}`}${of === undefined ? '' : inside}`;
  if (part === 'update') return `${call} in the update of ${parameter}${of === undefined ? '' : ` by ${of}`}`;
  return `${call}${inside}`;
}

function given({ operands }: NonFinite): string {
  const [only] = operands;
  if (!only) return 'nothing';
  return operands
    .map(({ value, among }) => (among > 1 ? `${among} values up to ${numberText(value)}` : numberText(value)))
    .join(' and ');
}

function inRow({ row }: NonFinite): string {
  return row === undefined ? '' : ` in row ${row + 1} of the batch`;
}

function factsOf(found: NonFinite): Facts {
  const { origin, value, column, operands, rowValues } = found;
  const others = Object.entries(rowValues).filter(([name]) => name !== column);
  const row =
    others.length > 0
      ? `in the row with ${others.map(([name, each]) => `${name} = ${numberText(each)}`).join(', ')}`
      : '';
  const told = (what: string): string => (row === '' ? what : `${what}; ${row}`);
  if (origin === 'column') {
    return {
      expected: 'finite numbers in every column',
      received: told(`${column} = ${value}`),
      hint: 'leave such rows out with .filter(…), or replace the value with .map(…)',
    };
  }
  if (origin === 'op') {
    return {
      expected: expectedOf(found),
      received: told(operands.map(operandText).join(', ')),
      hint: hintOf(found),
    };
  }
  return {
    expected: 'a finite number',
    received: String(value),
    hint: origin === 'state' ? `an earlier step has made it so: ${calmer}` : finiteMask,
  };
}

function operandText({ name, value, among }: Operand): string {
  return among > 1 ? `${name}: ${among} values up to ${numberText(value)}` : `${name} = ${numberText(value)}`;
}

function expectedOf({ why, part, of, operands }: NonFinite): string {
  if (!why) return 'finite operands';
  const operand = why.operand === undefined ? undefined : operands[why.operand];
  if (!operand) return 'a result that float32 can hold, up to 3.4e38';
  if (part === 'gradient')
    return `a point at which the slope${of === undefined ? '' : ` of ${of}`} is finite`;
  return why.is === 'pole'
    ? `${operand.name} other than ${numberText(operand.value)}`
    : `${operand.name} of 0 or more`;
}

/** Beyond this a parameter has not been initialized so, nor learned to be so. */
const grown = 1e6;

const calmer = 'lower the learning rate, or clip the gradients';
const finiteMask = 'a large number such as -1e9 masks as well, and the difference of two of them is 0';

function hintOf({ why, part, of, op, operands, largest }: NonFinite): string {
  if (part === 'update') return calmer;
  if (largest && Math.abs(largest.value) > grown)
    return `${largest.parameter} has grown to ${numberText(largest.value)}: ${calmer}`;
  if (!why) return finiteMask;
  const operand = why.operand === undefined ? undefined : operands[why.operand];
  const received = `what ${part === 'gradient' && of !== undefined ? of : op} receives`;
  if (!operand) return `keep ${received} smaller: scale the inputs, or clip it`;
  if (why.is === 'domain') return `keep ${received} at 0 or above: clip it, or take its absolute value`;
  const there = part === 'gradient' ? 'there' : numberText(operand.value);
  return `keep ${received} away from ${there}: add a small number such as 1e-7, or clip it`;
}

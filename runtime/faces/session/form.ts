/** The form of what is fetched: found once, told again by its parts, and filled with the values of each run. */
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { SES904 } from '../../../compiler/diagnostics/session.ts';
import { Node } from '../../../compiler/ir/node.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import { textOf } from '../../../compiler/op/arguments.ts';
import { Operation } from './graph/operation.ts';

export type Form =
  | { readonly kind: 'tensor'; readonly node: Node; readonly position: number }
  | { readonly kind: 'operation'; readonly operation: Operation }
  | { readonly kind: 'list'; readonly items: readonly Form[] }
  | { readonly kind: 'record'; readonly keys: readonly string[]; readonly items: readonly Form[] };

export interface FetchedForm {
  readonly form: Form;
  /** Each once. */
  readonly tensors: readonly Node[];
  readonly operations: readonly Operation[];
}

/** Refuses with SES904 what can be fetched in no way. */
export function formOf(fetches: unknown, span: Span): FetchedForm {
  const tensors = new Map<Node, number>();
  const operations = new Set<Operation>();
  const read = (value: unknown, path: string): Form => {
    if (value instanceof Node) {
      const position = tensors.get(value) ?? tensors.size;
      tensors.set(value, position);
      return { kind: 'tensor', node: value, position };
    }
    if (value instanceof Operation) {
      operations.add(value);
      return { kind: 'operation', operation: value };
    }
    if (Array.isArray(value))
      return { kind: 'list', items: value.map((item, i) => read(item, `${path}[${i}]`)) };
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
      const entries = Object.entries(value);
      const items = entries.map(([key, item]) => read(item, `${path}.${key}`));
      return { kind: 'record', keys: entries.map(([key]) => key), items };
    }
    return refuse(
      SES904({
        message: `${path} is neither a tensor nor an operation`,
        span,
        expected: 'tensors and operations, in arrays and records',
        received: textOf(value),
        hint: 'leave out of the fetches what is neither',
      }),
    );
  };
  return { form: read(fetches, 'fetches'), tensors: [...tensors.keys()], operations: [...operations] };
}

/** Whether the fetches have this form, with the same parts. */
export function hasForm(form: Form, fetches: unknown): boolean {
  if (form.kind === 'tensor') return form.node === fetches;
  if (form.kind === 'operation') return form.operation === fetches;
  if (typeof fetches !== 'object' || fetches === null) return false;
  const { items } = form;
  if (form.kind === 'list') {
    if (!Array.isArray(fetches) || fetches.length !== items.length) return false;
    for (let i = 0; i < items.length; i++) if (!hasForm(items[i]!, fetches[i])) return false;
    return true;
  }
  if (fetches instanceof Node || fetches instanceof Operation || Array.isArray(fetches)) return false;
  const { keys } = form;
  const record = fetches as Readonly<Record<string, unknown>>;
  let count = 0;
  for (const key in record) {
    if (keys[count] !== key || !hasForm(items[count]!, record[key])) return false;
    count++;
  }
  return count === keys.length;
}

/** A value for each tensor, by its position. */
export type Readers = readonly (() => unknown)[];

export function filledForm(form: Form, readers: Readers): unknown {
  switch (form.kind) {
    case 'tensor':
      return readers[form.position]!();
    case 'operation':
      return undefined;
    case 'list':
      return form.items.map((item) => filledForm(item, readers));
    case 'record': {
      const record: Record<string, unknown> = {};
      for (let i = 0; i < form.keys.length; i++) record[form.keys[i]!] = filledForm(form.items[i]!, readers);
      return record;
    }
  }
}

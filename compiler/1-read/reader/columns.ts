/** The columns of a schema as a program sees them: one input node each, and a refusal for names that are none of them. */
import type { Column, Schema } from '../../../dsl/column.ts';
import { sequenceProblem, textProblem } from '../../../dsl/column.ts';
import { ARG102 } from '../../diagnostics/argument.ts';
import { refuse } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { PIP101 } from '../../diagnostics/pipeline.ts';
import type { Node } from '../../ir/node.ts';
import { at, siteSpan } from '../../ir/site.ts';
import type { Span } from '../../ir/span.ts';
import { input } from '../../op/leaf.ts';

/** One input node a column, with the batch axis in front. */
export function inputsOf(schema: Schema, span: Span): Readonly<Record<string, Node>> {
  const entries = Object.entries(schema).map(([name, column]) => {
    checkColumn(name, column, span);
    return [name, at(span, () => input(name, ['B', ...column.shape], column.dtype))] as const;
  });
  return Object.fromEntries(entries);
}

/** Refuses columns that were made of what they do not take. */
function checkColumn(name: string, column: Column, span: Span): void {
  const { kind, shape, text, items } = column;
  if (kind !== 'text' && kind !== 'sequence') return;
  const expected = kind === 'text' ? textProblem(column) : sequenceProblem(column);
  if (expected === undefined) return;
  const received =
    kind === 'text'
      ? JSON.stringify({ words: shape[0], ...text })
      : `items: ${items?.of?.kind ?? 'none'}, max: ${String(items?.most)}`;
  refuse(ARG102({ message: `${kind} of column ${name} takes ${expected}`, span, expected, received }));
}

/** The columns, refusing names that are none of them. */
export function guarded(columns: Readonly<Record<string, Node>>): Readonly<Record<string, Node>> {
  return new Proxy(columns, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key);
      // Asked of everything that is printed or awaited: no program means a column by it.
      if (key === 'toJSON' || key === 'then') return undefined;
      const guess = nearest(key, Object.keys(target));
      return refuse(
        PIP101({
          message: `there is no column ${key}`,
          span: siteSpan(),
          expected: Object.keys(target).join(', '),
          received: key,
          ...(guess !== undefined && { hint: `did you mean ${guess}?` }),
        }),
      );
    },
  });
}

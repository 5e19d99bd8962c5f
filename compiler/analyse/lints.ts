/** Remarks on a pipeline that is sound: what it never uses, and data that never ends. */
import type { Reading } from '../1-read/reading.ts';
import { rootsOf } from '../2-check/check.ts';
import { expand } from '../2-check/expand.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { LNT901, LNT903, LNT905 } from '../diagnostics/lint.ts';
import { nodesUnder } from '../ir/walk.ts';

export function lints(reading: Reading): Diagnostic[] {
  return [...unusedColumns(reading), ...endlessValidation(reading), ...onceOnly(reading)];
}

function unusedColumns(reading: Reading): Diagnostic[] {
  const roots = expand(rootsOf(reading).trained.filter((node) => node.type));
  const used = new Set(nodesUnder(roots));
  return Object.entries(reading.predict.columns).flatMap(([column, node]) =>
    used.has(node)
      ? []
      : [
          LNT901({
            message: `the column ${column} is never used`,
            span: reading.span,
            hint: 'leave it out of the schema and it is not read either',
          }),
        ],
  );
}

function endlessValidation({ span, validation }: Reading): Diagnostic[] {
  if (!validation || validation.rows.stage.bounded) return [];
  return [
    LNT903({
      message: 'the validation data may never end, so the first evaluation may not either',
      span,
      hint: 'say how much of it an evaluation looks at: .take(1000)',
    }),
  ];
}

function onceOnly({ span, data }: Reading): Diagnostic[] {
  if (data.rows.stage.replay !== 'once') return [];
  return [
    LNT905({
      message:
        'the training data can be read once only: a crash loses the rows that come while nobody listens',
      span,
      hint: "overflow: spool('journal') keeps them on the disk; a function that opens the source, or one with positions, reads them again",
    }),
  ];
}

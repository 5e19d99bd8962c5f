/** `switch` on a known value. */

import { ts } from 'ts-morph';
import { HostReference } from '../../../../dsl/host-reference.ts';
import { evaluate } from '../expressions/evaluate.ts';
import type { Scope } from '../scope.ts';
import type { Completion } from './execute.ts';
import { executeEach } from './execute.ts';
import { hoist } from './hoist.ts';
import { skip } from './skip.ts';

export function executeSwitch(node: ts.SwitchStatement, scope: Scope): Completion | undefined {
  const value = evaluate(node.expression, scope);
  if (value instanceof HostReference) {
    return skip(node, scope, value);
  }
  const inner = scope.block();
  const { clauses } = node.caseBlock;
  hoist(
    clauses.flatMap((clause) => [...clause.statements]),
    inner,
  );
  let start = -1;
  for (const [i, clause] of clauses.entries()) {
    if (!ts.isCaseClause(clause)) continue;
    const candidate = evaluate(clause.expression, inner);
    if (candidate instanceof HostReference) {
      return skip(node, scope, candidate);
    }
    if (candidate !== value) continue;
    start = i;
    break;
  }
  if (start < 0) start = clauses.findIndex(ts.isDefaultClause);
  if (start < 0) return undefined;
  const rest = clauses.slice(start).flatMap((clause) => [...clause.statements]);
  const completion = executeEach(rest, inner);
  if (completion?.kind === 'break' && completion.label === undefined) return undefined;
  if (completion?.kind !== 'unknown') return completion;
  const leaves = new Set(completion.leaves);
  leaves.delete('break');
  return leaves.size > 0 ? { ...completion, leaves } : undefined;
}

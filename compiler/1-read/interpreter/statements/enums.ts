/** Enums as the objects that they are at run time. */
import { ts } from 'ts-morph';
import { evaluate } from '../expressions/evaluate.ts';
import { unsupported } from '../refusals.ts';
import type { Scope } from '../scope.ts';

export function makeEnum(node: ts.EnumDeclaration, scope: Scope): Readonly<Record<string, unknown>> {
  const members: Record<string, unknown> = {};
  const inner = scope.block();
  let next: number | undefined = 0;
  for (const member of node.members) {
    if (!ts.isIdentifier(member.name) && !ts.isStringLiteral(member.name)) {
      unsupported(scope.world, member, 'a computed name in an enum', 'write the name out');
    }
    const name = member.name.text;
    const value: unknown = member.initializer ? evaluate(member.initializer, inner) : next;
    next = typeof value === 'number' ? value + 1 : undefined;
    members[name] = value;
    if (typeof value === 'number') members[value] = name;
    inner.initialise(name, value);
  }
  return members;
}

/** Ops in a saved model that are not Millrace's own: named with the package they come from, found among what is handed over. */
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts';
import { DiagnosticError } from '../../../compiler/diagnostics/diagnostic.ts';
import { RUN813 } from '../../../compiler/diagnostics/run.ts';
import type { Span } from '../../../compiler/ir/span.ts';
import type { Module } from '../../../compiler/module.ts';
import type { Card } from '../../../compiler/op/card.ts';
import type { Handed, Origin, UserVocabulary } from '../../../compiler/op/user-vocabulary.ts';
import { originOf, versionFits } from '../../../compiler/op/user-vocabulary.ts';

/** An op that a model needs beside Millrace's. */
export interface ForeignOp {
  /** What the graphs of the model call it; no op of Millrace's is called so. */
  readonly word: string;
  /** The op's own name. */
  readonly op: string;
  /** Absent for an op of the program's own, which no package's vocabulary holds. */
  readonly origin?: Origin;
}

/** What the module's graphs call the ops that are not Millrace's own, by card. */
export function foreignOps({ vocabulary }: Module): ReadonlyMap<Card, ForeignOp> {
  const found = new Map<Card, ForeignOp>();
  const taken = new Set<string>();
  for (const card of vocabulary.foreign ?? []) {
    const origin = originOf(card);
    const base = origin ? `${origin.package}/${origin.export}` : `./${card.name}`;
    let word = base;
    for (let k = 2; taken.has(word); k++) word = `${base}/${k}`;
    taken.add(word);
    found.set(card, { word, op: card.name, ...(origin && { origin }) });
  }
  return found;
}

/** The cards of the words, from what the caller hands over; refuses with RUN813, naming each that is missing. */
export function cardsOf(
  needed: readonly ForeignOp[],
  handed: readonly Handed[],
  span: Span,
): ReadonlyMap<string, Card> {
  const cards = new Map<string, Card>();
  const missing: Diagnostic[] = [];
  for (const need of needed) {
    const found = need.origin ? ofPackage(need.origin, handed) : ofProgram(need, handed);
    if (found.card) cards.set(need.word, found.card);
    else missing.push(lacking(need, found.received, span));
  }
  if (missing.length > 0) throw new DiagnosticError(missing);
  return cards;
}

interface Found {
  readonly card?: Card | undefined;
  /** What was there instead. */
  readonly received: string;
}

function ofPackage(origin: Origin, handed: readonly Handed[]): Found {
  const packages = handed.filter((each): each is UserVocabulary => 'cards' in each);
  const named = packages.filter(({ name }) => name === origin.package);
  const fitting = named.find(({ version }) => versionFits(origin.version, version));
  if (fitting) {
    const card = fitting.cards.get(origin.export);
    return { card, received: card ? '' : `a vocabulary without ${origin.export}` };
  }
  return { received: named[0] ? `version ${named[0].version}` : 'no vocabulary of this package' };
}

/** An op of the program's own is known by its name alone: of two that are called so, neither is meant. */
function ofProgram({ op }: ForeignOp, handed: readonly Handed[]): Found {
  const ops = handed.flatMap((each) => ('card' in each && each.card.name === op ? [each.card] : []));
  if (ops.length > 1) return { received: `${ops.length} ops of this name` };
  return { card: ops[0], received: 'no op of this name' };
}

function lacking({ op, origin }: ForeignOp, received: string, span: Span): Diagnostic {
  return RUN813({
    message: `the model was saved with an op that Millrace does not have: ${op}`,
    span,
    expected: origin
      ? `${origin.export} of the package ${origin.package}, version ^${origin.version}`
      : `the op ${op} of the program that saved the model`,
    received,
    hint: origin
      ? `hand the package's vocabulary over: load(directory, { vocabulary: [vocabulary of ${origin.package}] })`
      : `hand the op over: load(directory, { vocabulary: [${op}] })`,
  });
}

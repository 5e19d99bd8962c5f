/** The vocabulary a program is written in, as the compiler needs it: cards by name, rules, and a few roles. */
import type { Tensor } from '../../dsl/tensor.ts';
import type { Node } from '../ir/node.ts';
import { broadcastCard } from './broadcast.ts';
import type { Card } from './card.ts';
import { leafCards } from './leaf.ts';
import type { Roles } from './roles.ts';

/** A rewrite that is exact, special values included, and never more expensive than what it replaces. */
export interface Rule {
  /** The equation, which is also its name: `x · 1 = x`. */
  readonly name: string;
  /** Gives what the node may be replaced by, or nothing where the rule does not apply. */
  readonly rewrite: (node: Node) => Tensor | undefined;
  /** It makes an input of the node anew, in another form: it pays only where nothing else needs that input as it was. */
  readonly consumes?: true;
  /** Left-hand sides over two float32[3, 4]; the specs rewrite each, and compare values, types and costs. */
  readonly examples: (x: Tensor, y: Tensor) => readonly Tensor[];
}

export interface Vocabulary {
  /** By name; a card of the user's own that is named like one of the language's is in `foreign` only. */
  readonly cards: ReadonlyMap<string, Card>;
  readonly rules: readonly Rule[];
  readonly roles: Roles;
  /** Cards that a program uses beside those of the vocabulary that it is written in. */
  readonly foreign?: ReadonlySet<Card>;
}

/** The vocabulary and all else that a program uses: cards of the user's own, and of other packages. */
export function withUsed(vocabulary: Vocabulary, used: Iterable<Card>): Vocabulary {
  const cards = new Map(vocabulary.cards);
  const foreign = new Set(vocabulary.foreign);
  for (const card of used) {
    if (cards.get(card.name) === card) continue;
    foreign.add(card);
    if (!cards.has(card.name)) cards.set(card.name, card);
  }
  return foreign.size > 0 ? { ...vocabulary, cards, foreign } : vocabulary;
}

/** Cards of the language itself, which every vocabulary has: leaves, and how elementwise ops stretch their inputs. */
export const languageCards: readonly Card[] = [...leafCards, broadcastCard];

/** A vocabulary of these cards and those of the language. */
export function vocabularyOf({
  cards,
  rules = [],
  roles,
}: {
  readonly cards: readonly Card[];
  readonly rules?: readonly Rule[];
  readonly roles: Roles;
}): Vocabulary {
  const byName = new Map<string, Card>();
  for (const card of new Set([...languageCards, ...cards])) {
    if (byName.has(card.name)) throw new Error(`internal: two cards are named ${card.name}`);
    byName.set(card.name, card);
  }
  return { cards: byName, rules, roles };
}

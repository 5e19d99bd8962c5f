/** Ops of a user's own, under the name and version of the package that they come from: so a saved model can ask for them. */
import { ARG101 } from '../diagnostics/argument.ts';
import { refuse } from '../diagnostics/diagnostic.ts';
import { siteSpan } from '../ir/site.ts';
import type { Card } from './card.ts';

/** An op as `defineOp` and `composite` make it. */
interface AnyOp {
  readonly card: Card;
}

/** Where an op comes from. */
export interface Origin {
  /** The package's name, as in its `package.json`. */
  readonly package: string;
  readonly version: string;
  /** Under which name the package's vocabulary holds the op. */
  readonly export: string;
}

export interface UserVocabulary {
  readonly name: string;
  readonly version: string;
  readonly cards: ReadonlyMap<string, Card>;
}

/** What `load` may be handed: a package's vocabulary, or a single op of the program's own. */
export type Handed = UserVocabulary | AnyOp;

/*
 * A fact about cards, kept beside them: a card is made before its package says what it exports.
 */
const origins = new WeakMap<Card, Origin>();

/**
 * The ops of a package, as its users hand them to `load`:
 *
 *     export const mine = defineVocabulary({ name: 'my-package', version: '1.2.0', ops: { softLog } });
 *     const model = await load('out', { vocabulary: [mine] });
 *
 * A model saved with one of these ops names the package, its version and the op; it loads where the same package is handed
 * over in a version that fits (`^1.2.0`), and nowhere else. Refuses with ARG101 what is no op and what is no version.
 */
export function defineVocabulary(given: {
  readonly name: string;
  readonly version: string;
  readonly ops: Readonly<Record<string, AnyOp>>;
}): UserVocabulary {
  const { name, version, ops } = given;
  if (!parts(version)) {
    refuse(
      ARG101({
        message: `the version of the vocabulary ${name} is none`,
        span: siteSpan(),
        expected: "three numbers, as in '1.2.0'",
        received: String(version),
      }),
    );
  }
  const cards = new Map<string, Card>();
  for (const [key, op] of Object.entries(ops)) {
    const { card } = op ?? {};
    if (!card) {
      refuse(
        ARG101({
          message: `${key} of the vocabulary ${name} is no op`,
          span: siteSpan(),
          expected: 'what defineOp or composite gives',
          received: typeof op,
        }),
      );
    }
    cards.set(key, card);
    origins.set(card, { package: name, version, export: key });
  }
  return { name, version, cards };
}

/** Undefined for an op that no package's vocabulary holds. */
export function originOf(card: Card): Origin | undefined {
  return origins.get(card);
}

/** Whether what was saved with version `saved` may be read with `present`: the same major version, or a later one of 0.x's minor. */
export function versionFits(saved: string, present: string): boolean {
  const [wanted, found] = [parts(saved), parts(present)];
  if (!wanted || !found) return false;
  const fixed = wanted[0] > 0 ? 1 : 2;
  for (let i = 0; i < 3; i++) {
    if (found[i] === wanted[i]) continue;
    return i >= fixed && found[i]! > wanted[i]!;
  }
  return true;
}

function parts(version: string): readonly [number, number, number] | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:[-+].*)?$/.exec(version);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

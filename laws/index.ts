/** `millrace/laws`: the laws that our own definitions are held to, for yours, in any test runner. */
import type { Card } from '../compiler/op/card.ts';
import type { InitializerFacts } from '../compiler/op/define/define-initializer.ts';
import type { LayerFacts } from '../compiler/op/define/define-layer.ts';
import type { MetricFacts } from '../compiler/op/define/define-metric.ts';
import type { OptimizerFacts } from '../compiler/op/define/define-optimizer.ts';
import type { Vocabulary } from '../compiler/op/vocabulary.ts';
import type { StageCard } from '../dsl/stage.ts';
import type { HookFacts } from '../runtime/hooks/define-hook.ts';
import type { DetectorFacts } from '../runtime/hooks/drift/define-detector.ts';
import { vocabulary as standard } from '../stdlib/vocabulary.ts';
import { lawsOfDetector } from './detector.ts';
import { lawsOfHook } from './hook.ts';
import { lawsOfInitializer } from './initializer.ts';
import type { LawTest } from './law-test.ts';
import { lawsOfLayer } from './layer.ts';
import { lawsOfLoss } from './loss.ts';
import { lawsOfMetric } from './metric.ts';
import { lawsOfOp } from './ops/laws-of-op.ts';
import { lawsOfOptimizer } from './optimizer.ts';
import { lawsOfStage } from './stage.ts';

export type { LawTest } from './law-test.ts';
export { LawBroken } from './law-test.ts';

type Facts = LayerFacts | MetricFacts | OptimizerFacts | InitializerFacts | HookFacts | DetectorFacts;

/** What has laws: an op, loss, metric or stage with a card; a kind of layer, metric, optimizer, initializer, hook or drift detector. */
export type Definition = { readonly card: Card | StageCard } | { readonly facts: Facts };

/** How hard laws try, and with which ops. */
export interface LawOptions {
  /** Which cases are drawn: the same seed draws the same. Default 20170317. */
  readonly seed?: number;
  /** How many cases a law of an op draws for each documented example. Default 25. */
  readonly runs?: number;
  /** Whose ops gradients are summed with. Default: the standard vocabulary. */
  readonly vocabulary?: Vocabulary;
}

/**
 * The laws of a definition, each a name and a run that throws a `LawBroken` where it does not hold:
 *
 *     for (const { name, run } of lawsOf(swish)) test(name, run);
 *
 * Of an op: its examples hold; its value has the type that its rule says; its gradient is the slope of its meaning; its
 * lowering computes what it means; the facts and laws that its card declares hold, special values included. Of a loss, too:
 * it is least at the targets. Of a layer: shapes, gradients, sharing, seeds, freezing. Of a metric, an optimizer, an
 * initializer, a hook, a drift detector: what their examples say, and what all of their kind promise. Of a stage: the same rows however they
 * come, and a state at any time from which the rest is gone on with; its laws give promises. Cases are drawn by the seed, so that a
 * failure repeats.
 */
export function lawsOf(definition: Definition, options: LawOptions = {}): readonly LawTest[] {
  const { seed = 20_170_317, runs = 25, vocabulary = standard } = options;
  const ofCard =
    'card' in definition ? lawsOfCard(definition.card, { roles: vocabulary.roles, seed, runs }) : [];
  // What is both, such as `reshape`, has the laws of both.
  return 'facts' in definition ? [...ofCard, ...lawsOfFacts(definition.facts)] : ofCard;
}

function lawsOfCard(card: Card | StageCard, options: Parameters<typeof lawsOfOp>[1]): readonly LawTest[] {
  if ('open' in card) return lawsOfStage(card);
  const isLoss = card.kind === 'composite' && card.family === 'loss';
  return [...lawsOfOp(card, options), ...(isLoss ? lawsOfLoss(card) : [])];
}

function lawsOfFacts(facts: Facts): readonly LawTest[] {
  switch (facts.family) {
    case 'layer':
      return lawsOfLayer(facts);
    case 'metric':
      return lawsOfMetric(facts);
    case 'optimizer':
      return lawsOfOptimizer(facts);
    case 'initializer':
      return lawsOfInitializer(facts);
    case 'hook':
      return lawsOfHook(facts);
    case 'detector':
      return lawsOfDetector(facts);
  }
}

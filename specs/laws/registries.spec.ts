/** One loop over each registry: every layer, loss, metric, optimizer, initializer, hook and drift detector is held to the laws of its kind. */
import { describe, expect, test } from 'vitest';
import { lawsOfDetector } from '../../laws/detector.ts';
import { lawsOfHook } from '../../laws/hook.ts';
import { lawsOfInitializer } from '../../laws/initializer.ts';
import type { LawTest } from '../../laws/law-test.ts';
import { lawsOfLayer } from '../../laws/layer.ts';
import { lawsOfLoss } from '../../laws/loss.ts';
import { lawsOfMetric } from '../../laws/metric.ts';
import { lawsOfOptimizer } from '../../laws/optimizer.ts';
import { detectors } from '../../runtime/hooks/drift/registry.ts';
import { hooks } from '../../runtime/hooks/registry.ts';
import { cards } from '../../stdlib/cards.ts';
import { initializers, layers, metrics, optimizers } from '../../stdlib/definitions.ts';
import { tally } from '../support/tally.ts';

const count = tally('laws of registries', {
  layer: 650,
  metric: 10,
  optimizer: 30,
  initializer: 60,
  loss: 5,
  detector: 80,
});

function every<Facts extends { readonly family: string; readonly name: string }>(
  registry: readonly Facts[],
  lawsOf: (facts: Facts) => readonly LawTest[],
): void {
  describe.each(registry.map((facts) => [facts.family, facts.name, facts] as const))(
    '%s %s',
    (family, _, facts) => {
      const laws = lawsOf(facts);
      count(family, laws.length);
      for (const { name, run } of laws) test(name, run);
    },
  );
}

test('each of ours says which options it takes, but for the few that have none', () => {
  const silent = [...layers, ...optimizers, ...initializers].filter(({ takes }) => !takes.options);
  expect(silent.map(({ name }) => name)).toEqual(['sequential', 'constant']);
});

every(layers, lawsOfLayer);
every(metrics, lawsOfMetric);
every(optimizers, lawsOfOptimizer);
every(initializers, lawsOfInitializer);
every(hooks, lawsOfHook);
every(detectors, lawsOfDetector);
every(
  cards.flatMap((card) => (card.kind === 'composite' && card.family === 'loss' ? [card] : [])),
  lawsOfLoss,
);

/** Takes samples of contestants in turn, so that what disturbs one disturbs all, and gives their medians. */
import { longEnoughMilliseconds } from './effort.mjs';

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * Whether losses are the same but for rounding. What matters is how they change: a step that trains in another way differs
 * there, however little one step changes. Adam's epsilon inside or outside of the correction moves it by less than this.
 */
function agree(losses, expected) {
  const scale = Math.abs(expected[0]);
  const change = (list, i) => list[i] - list[0];
  const near = (one, other, share) => Math.abs(one - other) <= share * Math.abs(other) + 5e-6 * scale;
  return (
    near(losses[0], expected[0], 1e-4) &&
    losses.every((_, i) => near(change(losses, i), change(expected, i), 0.05))
  );
}

/** Why a contestant's losses are not those of the first one, if they are not. */
function disagreement(losses, expected) {
  if (!losses || !expected || agree(losses, expected)) return undefined;
  return `computes something else: losses ${losses.join(', ')}, not ${expected.join(', ')}`;
}

/**
 * A contestant is `{ id, name, open }`; `open` gives `{ sample, close?, losses?, version? }`, or `{ absent: why }`. `sample`
 * gives the microseconds of one step, and a result that must be a number: work whose result nobody looks at may not be
 * done. Whoever says what its first losses were must have got those of the first contestant.
 */
export async function measure(contestants, repeats) {
  const opened = [];
  const absent = [];
  for (const { id, name, open } of contestants) {
    const session = await open();
    const why = session.absent ?? disagreement(session.losses, opened[0]?.session.losses);
    if (why) {
      absent.push({ id, name, why });
      session.close?.();
    } else opened.push({ id, name, session, samples: [], milliseconds: 0 });
  }
  for (let turn = 0; turn < repeats; turn++) {
    for (const one of opened) {
      if (one.samples.length > 1 && one.milliseconds > longEnoughMilliseconds()) continue;
      const start = performance.now();
      const { microseconds, result } = await one.session.sample();
      if (!Number.isFinite(result)) throw new Error(`${one.name} gave ${result}: its time means nothing`);
      one.samples.push(microseconds);
      one.milliseconds += performance.now() - start;
      // The host's optimising compiler works beside us and takes over between calls.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  for (const { session } of opened) await session.close?.();
  const results = opened.map(({ id, name, session, samples }) => {
    const sorted = samples.sort((a, b) => a - b);
    return {
      id,
      name,
      ...(session.version && { version: session.version }),
      median: quantile(sorted, 0.5),
      low: sorted[0],
      high: sorted.at(-1),
      samples: sorted.length,
    };
  });
  return { results, absent };
}

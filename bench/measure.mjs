/** Takes samples of contestants in turn, so that what disturbs one disturbs all, and gives their medians. */

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/**
 * A contestant is `{ name, open }`; `open` gives `{ sample, close }`, or `{ absent: why }`. `sample` gives the
 * microseconds of one step, and a result that must be a number: work whose result nobody looks at may not be done.
 */
export async function measure(contestants, repeats) {
  const opened = [];
  const absent = [];
  for (const { name, open } of contestants) {
    const session = await open();
    if (session.absent) absent.push({ name, why: session.absent });
    else opened.push({ name, session, samples: [] });
  }
  for (let turn = 0; turn < repeats; turn++) {
    for (const { name, session, samples } of opened) {
      const { microseconds, result } = await session.sample();
      if (!Number.isFinite(result)) throw new Error(`${name} gave ${result}: its time means nothing`);
      samples.push(microseconds);
    }
  }
  for (const { session } of opened) await session.close?.();
  const results = opened.map(({ name, samples }) => {
    const sorted = samples.sort((a, b) => a - b);
    return {
      name,
      median: quantile(sorted, 0.5),
      low: sorted[0],
      high: sorted.at(-1),
      samples: sorted.length,
    };
  });
  return { results, absent };
}

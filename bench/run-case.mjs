/** One case, measured, as data: what the terminal, `--json` and the report show. */
import { repeats } from './effort.mjs';
import { measure } from './measure.mjs';

export async function runCase(each, say) {
  const { name, title, unit } = each;
  if (each.tabulate) return { name, title, ...(await each.tabulate(say)) };
  const { results, absent } = await measure(await each.contestants(), each.repeats ?? repeats());
  // Who was absent has no time, and no ratio.
  const time = (id) => results.find((one) => one.id === id)?.median ?? Number.NaN;
  return { name, title, unit, results, absent, targets: each.targets?.(time) ?? [] };
}

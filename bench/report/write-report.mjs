/** Writes docs/performance.md and the plots that it shows. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { growthPlot } from './growth-plot.mjs';
import { markdown } from './markdown.mjs';
import { peersPlot } from './peers-plot.mjs';

const folder = fileURLToPath(new URL('../../docs/', import.meta.url));

/** The names of the files written. */
export function writeReport(host, cases) {
  const withPeers = cases.filter(({ results }) => results?.some(({ id }) => id === 'jax' || id === 'tfjs'));
  const charts = cases.flatMap((each) => each.charts ?? []);
  const files = [['performance.md', `${markdown(host, cases)}\n`]];
  if (withPeers.length > 0) files.push(['performance-peers.svg', peersPlot(withPeers)]);
  if (charts.length > 0) files.push(['performance-growth.svg', growthPlot(charts)]);
  for (const [name, text] of files) writeFileSync(folder + name, text);
  return files.map(([name]) => `docs/${name}`);
}

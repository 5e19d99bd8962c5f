/** The report's page: targets first, then every case with its table. */
import { verdict } from '../target.mjs';
import { ratioText, timeText } from '../text.mjs';

const row = (cells) => `| ${cells.join(' | ')} |`;

function table(head, rows, numbers = []) {
  const rule = head.map((_, i) => (numbers.includes(i) ? '--:' : '---'));
  return [row(head), row(rule), ...rows.map(row)].join('\n');
}

/** A measured case as a table: times, or what it made itself. */
function body({ unit = timeText, results, absent = [], head, rows }) {
  if (rows) {
    return table(
      head,
      rows,
      head.map((_, i) => i).filter((i) => i > 0 && rows.every((cells) => /^[\d.,]/.test(cells[i]))),
    );
  }
  const [ours] = results;
  const lines = results.map(({ name, version, median, low, high }) => [
    version ? `${name} (${version})` : name,
    unit(median),
    ratioText(median / ours.median),
    `${unit(low)} … ${unit(high)}`,
  ]);
  const missing = absent.map(({ name, why }) => `- not measured: ${name}: ${why}`);
  return [
    table(['', 'median', 'of the first', 'range'], lines, [1, 2, 3]),
    ...(missing.length > 0 ? [missing.join('\n')] : []),
  ].join('\n\n');
}

function targets(cases) {
  const all = cases.flatMap(({ name, targets }) => targets.map((target) => ({ name, target })));
  const known = all.filter(({ target }) => target.value !== undefined);
  const met = known.filter(({ target }) => target.met).length;
  const rows = all.map(({ name, target }) => [
    name,
    target.says,
    target.met === false ? `**${verdict(target)}**` : verdict(target),
  ]);
  return [
    `${met} of the ${known.length} that were measured are met.`,
    table(['bench', 'target', 'reached'], rows),
  ];
}

export function markdown(host, cases) {
  const gibibytes = (host.memory / 2 ** 30).toFixed(0);
  return [
    '# Performance',
    'Written by `npm run -s bench -- --report`; nothing here is asserted by a test. Every library computes the same model from the same weights on the same batch, with the loss read back after each step, and takes part only if its first losses are ours. They take turns; times are medians. `bench/peers/README.md` says how to install them.',
    `Taken on ${host.date}: ${host.processor}, ${host.cores} cores, ${gibibytes} GiB, ${host.system}; Node ${host.node} (V8 ${host.v8}); load ${host.load[0].toFixed(2)} before the first bench.`,
    ...(host.load[0] > host.cores / 2
      ? ['The machine was busy with other work: times are worth little, ratios somewhat more.']
      : []),
    '## Targets',
    ...targets(cases),
    '## Beside other libraries',
    '![Steps of other libraries as multiples of ours](performance-peers.svg)',
    '## How cost grows',
    '![How cost grows with the batch, the width, the depth, the threads and the graph](performance-growth.svg)',
    '## All numbers',
    ...cases.flatMap((each) => [
      `### ${each.name}`,
      `${each.title[0].toUpperCase()}${each.title.slice(1)}.`,
      body(each),
    ]),
  ].join('\n\n');
}

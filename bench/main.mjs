/** `npm run -s bench [-- NAME…] [--json]`: times of ours beside others'. Reported, never asserted. */
import { freshBuild } from '../scripts/fresh-build.mjs';
import { cases } from './cases.mjs';
import { machine } from './machine.mjs';
import { measure } from './measure.mjs';

const args = process.argv.slice(2);
const json = args.includes('--json');
const wanted = args.filter((word) => !word.startsWith('-'));
const unknown = wanted.filter((name) => !cases.some((each) => each.name === name));
if (unknown.length > 0) {
  console.error(`there is no bench ${unknown.join(', ')}: ${cases.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
if (!freshBuild()) process.exit(1);

const say = (line) => (json ? undefined : console.log(line));
function times(microseconds) {
  if (microseconds < 1e3) return `${microseconds.toPrecision(3)} µs`;
  return microseconds < 1e6
    ? `${(microseconds / 1e3).toPrecision(3)} ms`
    : `${(microseconds / 1e6).toPrecision(3)} s`;
}

const host = machine();
say(
  `${host.processor}, ${host.cores} cores, Node ${host.node}; load ${host.load.map((x) => x.toFixed(2)).join(' ')}`,
);
if (host.load[0] > host.cores / 2) say('the machine is busy: times are worth little, ratios somewhat more');

const report = { machine: host, cases: [] };
for (const each of cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  say(`\n${each.name}: ${each.title}`);
  const { results, absent } = await measure(await each.contestants(), each.repeats ?? 9);
  report.cases.push({ name: each.name, title: each.title, goal: each.goal, results, absent });
  const [ours] = results;
  // Ratios first: they mean the same on a slower machine.
  for (const { name, median, low, high } of results) {
    const ratio = `${(median / ours.median).toFixed(2)}×`;
    say(`  ${ratio.padStart(8)}  ${name.padEnd(34)} ${times(median)}  (${times(low)} … ${times(high)})`);
  }
  if (each.goal) say(`            goal: ${each.goal}`);
  for (const { name, why } of absent) say(`         –  ${name}: ${why}`);
}
if (json) console.log(JSON.stringify(report, null, 2));
process.exit();

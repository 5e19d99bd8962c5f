/** `npm run -s bench [-- NAME…] [--json] [--report]`: times of ours beside others'. Reported, never asserted. */
import { freshBuild } from '../scripts/fresh-build.mjs';
import { cases } from './cases.mjs';
import { machine } from './machine.mjs';
import { writeReport } from './report/write-report.mjs';
import { runCase } from './run-case.mjs';
import { showCase } from './show-case.mjs';

const args = process.argv.slice(2);
const flags = ['--json', '--report'];
const wanted = args.filter((word) => !word.startsWith('-'));
const unknown = args.filter((word) => !flags.includes(word) && !cases.some(({ name }) => name === word));
if (unknown.length > 0) {
  const names = cases.map(({ name }) => name).join(', ');
  console.error(`there is no bench ${unknown.join(', ')}: ${names}; and ${flags.join(', ')}`);
  process.exit(2);
}
if (!freshBuild()) process.exit(1);

const json = args.includes('--json');
const report = args.includes('--report');
// A report has some ten minutes for everything, so each thing gets less; who cares about one measures it alone.
if (report) {
  process.env.MILLRACE_BENCH_SAMPLE ??= '150';
  process.env.MILLRACE_BENCH_REPEATS ??= '7';
}
// TensorFlow greets on standard error otherwise.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
const say = (line) => (json ? undefined : console.log(line));

const host = machine();
const load = host.load.map((x) => x.toFixed(2)).join(' ');
say(`${host.processor}, ${host.cores} cores, Node ${host.node}; load ${load}`);
if (host.load[0] > host.cores / 2) say('the machine is busy: times are worth little, ratios somewhat more');

const measured = [];
const began = performance.now();
const failures = [];
for (const each of cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const since = ((performance.now() - began) / 1000).toFixed(0);
  say(`\n${each.name}: ${each.title}${report ? ` (after ${since} s)` : ''}`);
  try {
    const found = await runCase(each, say);
    measured.push(found);
    showCase(found, say);
  } catch (error) {
    // The others are still worth having.
    failures.push(each.name);
    console.error(`${each.name} failed: ${error.stack}`);
  }
}
if (json) console.log(JSON.stringify({ machine: host, cases: measured }, undefined, 2));
if (report) say(`\nwritten: ${writeReport(host, measured).join(', ')}`);
process.exit(failures.length > 0 ? 1 : 0);

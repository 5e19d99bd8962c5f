/** `npm run size`: how large the rooms are, what the vocabulary holds, and how much of the whole is specs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

function filesUnder(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesUnder(path);
    return /\.(ts|mjs)$/.test(entry.name) ? [path] : [];
  });
}

const linesOf = (path) => readFileSync(join(root, path), 'utf8').split('\n').length - 1;
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const generated = new Set(['stdlib/index.ts', 'stdlib/cards.ts', 'stdlib/rules.ts']);

function row(name, files) {
  const sizes = files.map(linesOf).sort((a, b) => a - b);
  const at = (share) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))] ?? 0;
  return [name, files.length, sum(sizes), at(0.5), at(0.9), sizes.at(-1) ?? 0];
}

const subrooms = (room) =>
  readdirSync(join(root, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${room}/${name}`);

const house = ['dsl', 'compiler', 'stdlib', 'runtime', 'laws', 'cli'];
const source = house.flatMap(filesUnder).filter((path) => !generated.has(path));
const specs = filesUnder('specs');
const rooms = ['dsl', ...subrooms('compiler'), ...subrooms('stdlib'), ...subrooms('runtime'), 'laws', 'cli'];
const table = [
  ['room', 'files', 'lines', 'median', 'p90', 'max'],
  ...rooms.map((room) =>
    row(
      room,
      filesUnder(room).filter((path) => !generated.has(path)),
    ),
  ),
  row('the package', source),
  row('specs', specs),
  row('examples', filesUnder('examples')),
];
const widths = table[0].map((_, column) => Math.max(...table.map((cells) => String(cells[column]).length)));
for (const cells of table) {
  console.log(
    cells.map((cell, i) => (i ? String(cell).padStart(widths[i]) : cell.padEnd(widths[0]))).join('  '),
  );
}

const cards = readFileSync(join(root, 'stdlib/cards.ts'), 'utf8').matchAll(
  /^import \{ \w+ \} from '(.*)';$/gm,
);
const counts = { primitives: 0, composites: 0 };
for (const [, path] of cards) {
  const text = readFileSync(join(root, 'stdlib', path), 'utf8');
  if (/\bdefineOp[<(]/.test(text)) counts.primitives++;
  else counts.composites++;
}
const ratio = sum(specs.map(linesOf)) / sum(source.map(linesOf));
console.log(
  `\n${counts.primitives} primitives, ${counts.composites} composites; ${ratio.toFixed(2)} lines of specs for one of source`,
);

/** A measured case on the terminal. Ratios first: they mean the same on a slower machine. */
import { verdict } from './target.mjs';
import { ratioText, timeText } from './text.mjs';

export function showCase({ unit = timeText, results, absent = [], head, rows, targets }, say) {
  if (rows) showTable([head, ...rows], say);
  for (const { name, median, low, high } of results ?? []) {
    const ratio = ratioText(median / results[0].median);
    say(`  ${ratio.padStart(8)}  ${name.padEnd(40)} ${unit(median)}  (${unit(low)} … ${unit(high)})`);
  }
  for (const { name, why } of absent) say(`         –  ${name}: ${why}`);
  for (const target of targets) say(`    target  ${target.says}: ${verdict(target)}`);
}

function showTable(lines, say) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) say(`  ${line.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`);
}

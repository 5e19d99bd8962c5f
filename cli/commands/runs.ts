/** `millrace runs DIR [--json]`: the checkpoints in a folder, also while a run is writing them. */
import { refuse } from '../../compiler/diagnostics/diagnostic.ts';
import { RUN808 } from '../../compiler/diagnostics/run.ts';
import { topOf } from '../../compiler/ir/span.ts';
import type { Listed } from '../../runtime/store/checkpoints.ts';
import { unlockedList } from '../../runtime/store/checkpoints.ts';
import type { Command } from '../command.ts';
import { print, printError } from '../output.ts';

export const runs: Command['run'] = async ({ files, flags }) => {
  const [folder = '.'] = files;
  const { generations, damaged } = await unlockedList(folder, { verify: true });
  if (generations.length + damaged.length === 0) {
    const message = 'there are no checkpoints in this folder';
    const expected = 'the folder that a run writes checkpoints to';
    refuse(RUN808({ message, span: topOf(folder), expected, received: folder }));
  }
  if (flags.json) {
    for (const each of generations) print(JSON.stringify(each));
    for (const each of damaged) print(JSON.stringify(each));
  } else {
    const now = Date.now();
    const lines = [
      ['step', 'epoch', 'age', 'size', 'loss', ''],
      ...generations.map((each) => cells(each, now)),
    ];
    const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
    for (const line of lines)
      print(
        line
          .map((cell, column) => cell.padStart(widths?.[column] ?? 0))
          .join('  ')
          .trimEnd(),
      );
    for (const { name, reason } of damaged) printError(`${name} is damaged: ${reason}`);
  }
  return damaged.length > 0 ? 1 : 0;
};

function cells({ step, epoch, time, bytes, loss, isBest }: Listed, now: number): readonly string[] {
  const shown = loss === undefined ? '' : loss.toPrecision(4);
  return [String(step), String(epoch), ageText(now - time), sizeText(bytes), shown, isBest ? 'best' : ''];
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units: `2 d 3 h`. */
function ageText(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds / 1000));
  const parts = units.map(([unit, seconds]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return { unit, count };
  });
  const first = parts.findIndex(({ count }) => count > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(({ count }) => count > 0);
  return shown.map(({ unit, count }) => `${count} ${unit}`).join(' ');
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] =
    bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size.toFixed(1)} ${unit}`;
}

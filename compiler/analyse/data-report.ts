/** What can be said of a dataset before it is read: whether its rows end, how many may wait where, and what a crash costs. */
import type { Batches } from '../../dsl/dataset.ts';
import type { Replay, Stage } from '../../dsl/stage.ts';

/** One stage, those that feed it before it. */
export interface StageReport {
  readonly stage: string;
  /** How many stages lie between it and the batches; branches of a stage have the same. */
  readonly depth: number;
  /** Whether the rows that it gives end for certain. */
  readonly bounded: boolean;
  readonly replay: Replay;
  /** The most rows that wait in it; undefined where none do. */
  readonly holds: number | undefined;
}

/** Arguments that say how many rows a stage keeps waiting. */
const room: readonly string[] = ['capacity', 'buffer', 'rows', 'size', 'concurrency'];

/** What a source that pushes keeps waiting where it does not say. */
const pushedRoom = 1024;

export function dataReport({ rows }: Batches): readonly StageReport[] {
  const reports: StageReport[] = [];
  const visit = (stage: Stage, depth: number): void => {
    for (const parent of stage.parents) visit(parent, depth + 1);
    const { name, bounded, replay } = stage;
    reports.push({ stage: name === 'part' ? 'split' : name, depth, bounded, replay, holds: holdsOf(stage) });
  };
  visit(rows.stage, 0);
  return reports;
}

function holdsOf({ args, parents, replay }: Stage): number | undefined {
  const stated: Readonly<Record<string, unknown>> = { ...args, ...Object(args.edge) };
  const name = room.find((each) => typeof stated[each] === 'number');
  if (name !== undefined) return Number(stated[name]);
  return parents.length === 0 && replay === 'once' ? pushedRoom : undefined;
}

const crash: Readonly<Record<Replay, string>> = {
  seek: 'goes on from any position',
  reread: 'reads again up to a position',
  once: 'loses what comes while nobody listens',
  unknown: 'is known when it runs',
};

/** The report as lines of text. */
export function dataReportText(reports: readonly StageReport[]): string {
  const width = Math.max(0, ...reports.map(({ stage, depth }) => stage.length + 2 * depth));
  return reports
    .map(({ stage, depth, bounded, replay, holds }) => {
      const facts = [
        bounded ? 'ends' : 'may never end',
        `after a crash: ${crash[replay]}`,
        ...(holds === undefined ? [] : [`at most ${holds} rows wait`]),
      ];
      return `${'  '.repeat(depth)}${stage}`.padEnd(width + 2) + facts.join(' · ');
    })
    .join('\n');
}

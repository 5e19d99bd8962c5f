/** Fits to the training data, before the first step, what is learned of them: the words of vocabularies, then the statistics of layers. */

import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { Batches } from '../../../dsl/dataset.ts';
import { endOfRows } from '../../../dsl/stage.ts';
import type { Told } from '../../commands/command.ts';
import { Ledger } from '../../data/ledger.ts';
import { isPending } from '../../data/live/cursor.ts';
import { cursorOf, openRows } from '../../data/open-rows.ts';
import type { Vocabularies } from '../../data/words/vocabularies.ts';
import { batchesWithWords, unfitted, WordCount, withWords } from '../../data/words/vocabularies.ts';
import { noRows } from '../../model/evaluation.ts';
import { runThrough } from '../../model/run-through.ts';
import type { Boundaries } from '../boundaries.ts';
import type { LoadedPipeline } from '../loaded-pipeline.ts';
import type { DataSurroundings } from '../open-data.ts';
import { contextOf, openData } from '../open-data.ts';

export interface FittingSurroundings extends DataSurroundings {
  readonly boundaries: Boundaries;
}

export interface Fitted {
  /** Of the training data. */
  readonly rows: number;
  readonly vocabularies: Vocabularies;
}

/** The event that tells of it. */
export function dataFitted({ rows, vocabularies }: Fitted): Told {
  const sizes = [...vocabularies].map(([name, words]) => [name, words.length]);
  return { type: 'dataFitted', rows, vocabularies: Object.fromEntries(sizes) };
}

/** What a run that goes on has from before. */
export interface FittedBefore {
  readonly words: Vocabularies;
  /** Whether the statistics are there. */
  readonly states: boolean;
}

/**
 * Reads an epoch of the training data for each kind of what is missing; nothing where nothing is. Undefined where the run was
 * cancelled before the end.
 */
export async function fitToData(
  loaded: LoadedPipeline,
  data: Batches,
  { words: known, states }: FittedBefore,
  surroundings: FittingSurroundings,
): Promise<Fitted | undefined> {
  const missing = unfitted(withWords(data.rows.schema, known));
  const words = missing.length > 0 ? await countWords(data, new WordCount(missing), surroundings) : undefined;
  if (missing.length > 0 && !words) return undefined;
  const vocabularies = new Map([...known, ...(words?.vocabularies ?? [])]);
  loaded.learn(vocabularies);
  if (states || !loaded.contract.fit) return { rows: words?.rows ?? 0, vocabularies };
  const rows = await fitStates(loaded, batchesWithWords(data, vocabularies), surroundings);
  return rows === undefined ? undefined : { rows, vocabularies };
}

async function countWords(
  { rows }: Batches,
  count: WordCount,
  surroundings: FittingSurroundings,
): Promise<Fitted | undefined> {
  const { steering, slices } = surroundings;
  // The tables are read again with the words that are found.
  const context = { ...contextOf('training', aside(surroundings)), tables: new Map(), ledger: new Ledger() };
  const opened = await steering.unlessCancelled(() => openRows(rows.stage, context));
  if (!opened) return undefined;
  const cursor = steering.watch(cursorOf(opened)(0));
  let seen = 0;
  try {
    for (;;) {
      const next = cursor.next();
      const row = isPending(next) ? await next : next;
      if (steering.cancelled !== undefined) return undefined;
      if (row === endOfRows) break;
      count.add(Object(row));
      seen++;
      if (slices.due()) await slices.rest();
    }
  } finally {
    steering.unwatch(cursor);
  }
  if (seen === 0) refuse(nothingToFitTo());
  return { rows: seen, vocabularies: count.words() };
}

async function fitStates(
  loaded: LoadedPipeline,
  { rows: dataset, size }: Batches,
  surroundings: FittingSurroundings,
): Promise<number | undefined> {
  const { steering } = surroundings;
  const { program, states } = loaded.contract.fit!;
  // All rows: those that make no whole batch are training data, too.
  const feed = await openData(new Batches(dataset, size), 'training', aside(surroundings));
  if (!feed) return undefined;
  const source = steering.watch(feed.epoch(0));
  const isBroken = (): boolean => steering.cancelled !== undefined;
  try {
    const rows = await runThrough(loaded.session.program(program), source, { ...surroundings, isBroken });
    if (rows === undefined) return undefined;
    loaded.onWritten(states);
    return rows > 0 ? rows : refuse(nothingToFitTo());
  } finally {
    steering.unwatch(source);
  }
}

function nothingToFitTo(): ReturnType<typeof noRows> {
  return noRows('the data to fit to');
}

/** What is rejected is counted when it is trained on. */
function aside(surroundings: FittingSurroundings): FittingSurroundings {
  return { ...surroundings, rejections: undefined };
}

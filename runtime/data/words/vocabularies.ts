/** Vocabularies: the words of columns, fitted to the training data, and what becomes of a dataset whose columns know them. */
import type { Column, Schema } from '../../../dsl/column.ts';
import { firstKnown, vocabularyOf } from '../../../dsl/column.ts';
import { Batches, Dataset } from '../../../dsl/dataset.ts';
import type { Stage } from '../../../dsl/stage.ts';
import { columnText } from '../check-columns.ts';
import { wordVisitor } from './text-words.ts';

/** The words of each fitted column, the most frequent first. */
export type Vocabularies = ReadonlyMap<string, readonly string[]>;

/** The columns of a schema that are yet to be fitted. */
export function unfitted(schema: Schema): readonly (readonly [name: string, column: Column])[] {
  return Object.entries(schema).filter(([, column]) => {
    const text = vocabularyOf(column);
    return text && !text.known;
  });
}

/** The words that the columns of a schema know. */
export function vocabulariesOf(schema: Schema): Vocabularies {
  return new Map(
    Object.entries(schema).flatMap(([name, column]) => {
      const known = vocabularyOf(column)?.known;
      return known ? [[name, known]] : [];
    }),
  );
}

/** The words of `before` for those columns of a schema that are read in the same way. */
export function wordsInCommon(schema: Schema, before: Schema): Vocabularies {
  return new Map(
    [...vocabulariesOf(before)].filter(([name]) => {
      const column = schema[name];
      return column && columnText(column) === columnText(before[name]!);
    }),
  );
}

/** The schema, its columns knowing their words. */
export function withWords(schema: Schema, vocabularies: Vocabularies): Schema {
  return Object.fromEntries(
    Object.entries(schema).map(([name, column]) => {
      const [known, text] = [vocabularies.get(name), vocabularyOf(column)];
      return [name, known && text ? { ...column, text: { ...text, known } } : column];
    }),
  );
}

/**
 * The same data, read with the words that its columns know. The stages before hold the same columns, by whatever name, or, where
 * several datasets are put together, others of the same name.
 */
export function batchesWithWords(batches: Batches, vocabularies: Vocabularies): Batches {
  if (vocabularies.size === 0) return batches;
  const { rows, size, ...options } = batches;
  const knowing = withWords(rows.schema, vocabularies);
  const columns = new Map(
    Object.entries(rows.schema).map(([name, column]) => [column, knowing[name] ?? column]),
  );
  const stages = new Map<Stage, Stage>();
  const known = (stage: Stage): Stage => {
    const before = stages.get(stage);
    if (before) return before;
    const byName = withWords(stage.schema, vocabularies);
    const own = Object.entries(stage.schema).map(([name, column]) => [
      name,
      columns.get(column) ?? byName[name] ?? column,
    ]);
    const made = { ...stage, schema: Object.fromEntries(own), parents: stage.parents.map(known) };
    stages.set(stage, made);
    return made;
  };
  return new Batches(new Dataset(knowing, known(rows.stage)), size, options);
}

/** Counts the words of rows. Columns that are one value are counted together. */
export class WordCount {
  private readonly counts = new Map<Column, Map<string, number>>();
  private readonly columns: readonly (readonly [name: string, column: Column])[];
  private readonly visitors: readonly ((row: object) => void)[];

  constructor(columns: readonly (readonly [name: string, column: Column])[]) {
    this.columns = columns;
    this.visitors = columns.map(([name, column]) => {
      const counts = this.counts.get(column) ?? new Map<string, number>();
      this.counts.set(column, counts);
      const count = (word: string): void => {
        counts.set(word, (counts.get(word) ?? 0) + 1);
      };
      const visit = wordVisitor(column);
      return (row) => visit(String(Reflect.get(row, name)), count);
    });
  }

  add(row: object): void {
    for (const visit of this.visitors) visit(row);
  }

  /** The most frequent words, as many as have numbers; of equally frequent ones the first by code units. */
  words(): Vocabularies {
    return new Map(
      this.columns.map(([name, column]) => {
        const room = (vocabularyOf(column)?.vocabulary ?? 0) - firstKnown(column);
        const ordered = [...(this.counts.get(column) ?? [])].sort(
          ([a, m], [b, n]) => n - m || (a < b ? -1 : 1),
        );
        return [name, ordered.slice(0, room).map(([word]) => word)];
      }),
    );
  }
}

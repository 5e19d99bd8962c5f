/** What is fitted to the training data before the first step, and what is wrong with it: it depends on more, or the data cannot be read twice. */

import type { Schema } from '../../dsl/column.ts';
import { vocabularyOf } from '../../dsl/column.ts';
import type { Reading, ReadProgram } from '../1-read/reading.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { PIP110, PIP111, PIP112 } from '../diagnostics/pipeline.ts';
import { isFitted, isVariable } from '../ir/facts.ts';
import type { Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { innermostLayer } from '../ir/site.ts';
import type { Span } from '../ir/span.ts';
import { nodesUnder } from '../ir/walk.ts';
import { runLeaves, training } from '../op/leaf.ts';

export interface Fits {
  /** Of a step. */
  readonly updates: readonly Update[];
  readonly fits: readonly Update[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Tells updates of fitted values from those of a step. */
export function fitsAmong(all: readonly Update[], reading: Reading): Fits {
  const fits = all.filter(({ target }) => isFitted(target));
  return {
    updates: all.filter(({ target }) => !isFitted(target)),
    fits,
    diagnostics: [
      ...dependences(fits),
      ...endlessness(fits, reading),
      ...reading.programs.flatMap((program) => strangers(program, reading.data.rows.schema)),
    ],
  };
}

/** One for each layer, or fitted value outside of layers. */
function dependences(fits: readonly Update[]): Diagnostic[] {
  const told = new Set<object>();
  return fits.flatMap(({ target, value }) => {
    const owner = ownerOf(target);
    if (told.has(owner)) return [];
    const found = dependence(target, value);
    if (found.length > 0) told.add(owner);
    return found;
  });
}

/** Before the first step parameters have learned nothing, and what one layer fits another cannot know yet. */
function dependence(target: Node, value: Node): Diagnostic[] {
  const own = (node: Node): boolean => isFitted(node) && ownerOf(node) === ownerOf(target);
  const other = nodesUnder([value]).find((node) => node !== training && isVariable(node) && !own(node));
  if (!other) return [];
  return [
    PIP110({
      message: `${fitterOf(target)} is fitted before the first step, and depends on ${nameOf(other)}`,
      span: target.span,
      ...(other.span.file !== '' && {
        labels: [{ span: other.span, text: `${nameOf(other)} is declared here` }],
      }),
      expected: 'a value of columns alone',
      received: isFitted(other) ? 'what another layer fits' : 'what only a step makes or changes',
      hint: 'fit to the columns themselves; further into a model, batchNormalization and layerNormalization do',
    }),
  ];
}

/** Fitting reads the data through, and training reads them again. */
function endlessness(fits: readonly Update[], { data, span }: Reading): Diagnostic[] {
  const { bounded, replay } = data.rows.stage;
  const [first] = fits;
  const [column] = Object.entries(data.rows.schema).filter(([, column]) => vocabularyOf(column));
  const fitted: { what: string; span: Span; instead: string } | undefined = first
    ? {
        what: fitterOf(first.target),
        span: first.target.span,
        instead: 'runningNormalization learns as it goes, normalization({ mean, variance }) is told',
      }
    : column && {
        what: `the vocabulary of ${column[0]}`,
        span,
        instead: 'text({ words, buckets }) needs no list of words',
      };
  if (!fitted || (bounded && replay !== 'once')) return [];
  return [
    PIP111({
      message: `${fitted.what} is fitted to the training data, which ${bounded ? 'are there only once' : 'may never end'}`,
      span: fitted.span,
      ...(fitted.span !== span && { labels: [{ span, text: 'the data of this pipeline' }] }),
      expected: 'data that end and can be read again',
      received: bounded ? 'a source that cannot be read again' : 'data without a known end',
      hint: `${bounded ? 'on a stream' : 'take(n) ends them; on a stream'}, ${fitted.instead}`,
    }),
  ];
}

/** A vocabulary of a program of the user's own is that of a column of the data, or of none. */
function strangers({ name: program, schema, span }: ReadProgram, data: Schema): Diagnostic[] {
  return Object.entries(schema).flatMap(([name, column]) => {
    const other = data[name];
    if (!vocabularyOf(column) || (other && JSON.stringify(other) === JSON.stringify(column))) return [];
    return [
      PIP112({
        message: `the vocabulary of column ${name} of the program ${program} is fitted to nothing`,
        span,
        expected: 'a column of the data of this name, with the same vocabulary',
        received: other ? `another column ${name}` : `the columns ${Object.keys(data).join(', ')}`,
        hint: 'use one value in both places: const words = fittedCategory({ size: 1_000 })',
      }),
    ];
  });
}

/** The layer that holds it; itself where it lies in none. */
function ownerOf(fitted: Node): object {
  return innermostLayer(fitted.scope)?.owner ?? fitted;
}

function fitterOf(fitted: Node): string {
  return innermostLayer(fitted.scope)?.name ?? nameOf(fitted);
}

function nameOf(node: Node): string {
  return runLeaves.includes(node) ? 'random numbers' : (node.name ?? 'a value');
}

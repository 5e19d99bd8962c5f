/** The text form: what is no graph is refused with its line, and no text breaks the reader. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandGraph } from '../../compiler/2-check/expand.ts';
import { DiagnosticError } from '../../compiler/diagnostics/diagnostic.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { parse } from '../../compiler/ir/parse.ts';
import { print } from '../../compiler/ir/print.ts';
import { verify } from '../../compiler/ir/verify.ts';
import { vocabulary } from '../../stdlib/vocabulary.ts';
import { adorned } from '../differential/adorned.ts';
import { grow } from '../differential/grow.ts';
import { recipes } from '../differential/recipe.ts';
import { runs, seed } from '../support/effort.ts';
import { graphDifference } from '../support/same-graph.ts';
import { tally } from '../support/tally.ts';
import { damaged, mutations } from './damaged.ts';

const head = 'program p.predict';

/** The diagnostic that a text is refused with, or the graph that it is. */
function read(
  text: string,
): Graph | { readonly code: string; readonly line: number; readonly message: string } {
  try {
    return parse(text, vocabulary, 'here.ir');
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const { code, span, message } = error.diagnostics[0]!;
    return { code, line: span.line, message };
  }
}

describe('what does not read is refused with its line', () => {
  test.for([
    ['no program', '', 1, 'the first line names the program'],
    ['a program without a name of its own', 'program p', 1, 'the first line names the program'],
    ['a line of another form', `${head}\n  x y z`, 2, 'a line is a leaf, a node, a return or an update'],
    ['an op that is none', `${head}\n  x : f32[] = nosuch`, 2, 'there is no op nosuch'],
    ['a dtype that is none', `${head}\n  x : f64[] = constant value=1`, 2, 'f64[] is no type'],
    ['a size that is none', `${head}\n  input x : f32[b]`, 2, 'b is no size'],
    ['a negative size', `${head}\n  input x : f32[-1]`, 2, '-1 is no size'],
    ['a leaf without a type', `${head}\n  input x : ?`, 2, 'input needs a type'],
    ['a name from below', `${head}\n  y : f32[] = neg x\n  input x : f32[]`, 2, 'x is not defined above'],
    ['a name twice', `${head}\n  input x : f32[]\n  input x : f32[]`, 3, 'x is defined twice'],
    ['a return of nothing', `${head}\n\n  return y = x`, 3, 'x is not defined above'],
    ['an update of nothing', `${head}\n  update y = x`, 2, 'y is not defined above'],
    [
      'an attribute that is no value',
      `${head}\n  x : f32[] = constant value=one`,
      2,
      'one is no attribute value',
    ],
    [
      'a lonely number',
      `${head}\n  x : f32[] = add 1 2`,
      2,
      'a number needs an operand beside it, whose type it takes',
    ],
    [
      'an input that starts with something',
      `${head}\n  input x : f32[] = initial 1`,
      2,
      'an input starts with nothing',
    ],
    ['a leaf that is none', `${head}\n  neg x : f32[]`, 2, 'a neg has no name of its own'],
    [
      'a number of no type',
      `${head}\n  x : f32[] = neg 1`,
      2,
      'a number needs an operand beside it, whose type it takes',
    ],
    ['a flag that is none', `${head}\n  param x : f32[]\n  fuse K x = x on=1`, 3, 'on is no flag'],
    ['a fusion of nothing', `${head}\n  fuse K x = 1`, 2, 'x is not defined above'],
    ['a place that is none', `${head}\n  input x : f32[]  @a.ts:1`, 2, 'a.ts:1 is no place'],
    ['a broken name', `${head}\n  input %zz : f32[]`, 2, '%zz is no name'],
  ] as const)('%s', ([, text, line, message]) => {
    expect(read(text)).toEqual({ code: 'TXT801', line, message });
  });
});

test('names may be anything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (column, output) => {
      const text = print(parse(`${head}\n  input x : f32[B]\n  return y = x`, vocabulary), { spans: false });
      const [graph] = [parse(text, vocabulary)];
      const { value } = graph!.outputs[0]!;
      value.name = column;
      const named = { ...graph!, name: output, outputs: [{ name: output, value }] };
      const back = parse(print(named), vocabulary);
      expect([back.name, back.outputs[0]!.name, back.outputs[0]!.value.name]).toEqual([
        output,
        output,
        column,
      ]);
    }),
  );
});

const count = tally('mutated texts', { texts: 3000, refused: 500, read: 100, verified: 50 });

test('no text breaks the reader, and what reads prints and reads again', () => {
  const texts = fc.sample(recipes(6), { seed, numRuns: 80 }).flatMap((recipe) => {
    const { graph } = grow(recipe);
    return [print(graph, { spans: false }), print(adorned(expandGraph(graph)))];
  });
  fc.assert(
    fc.property(fc.constantFrom(...texts), mutations, (text, damages) => {
      const changed = damaged(text, damages);
      count('texts');
      const result = read(changed);
      if ('code' in result) {
        count('refused');
        expect(result.code, changed).toMatch(/^[A-Z]{3}\d+$/);
        expect(result.message, changed).not.toMatch(/^internal/);
        return;
      }
      count('read');
      if (verify(result, { composites: true }).length === 0) count('verified');
      const once = print(result);
      const back = parse(once, vocabulary);
      expect(print(back), changed).toBe(once);
      expect(graphDifference(result, back), changed).toBeUndefined();
    }),
    { numRuns: runs(6000) },
  );
});

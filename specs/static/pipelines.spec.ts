/** Both readers make the same graphs of generated programs, and every node of the static one has its call as place. */
import { join } from 'node:path';
import fc from 'fast-check';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import type { StaticReading } from '../../compiler/1-read/interpreter/read-statically.ts';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import { isPipeline } from '../../compiler/1-read/reader/trace.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import { topological } from '../../compiler/ir/graph.ts';
import { print } from '../../compiler/ir/print.ts';
import type { Span } from '../../compiler/ir/span.ts';
import { phases } from '../../compiler/phases.ts';
import * as millrace from '../../stdlib/index.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import { drawFrom } from './draw.ts';
import { moduleOf, pipelineProgram } from './pipelines.ts';
import { runNatively } from './run-natively.ts';
import { withFiles } from './with-files.ts';

/** Reading has a fixed price a file, TypeScript's own check, so that many programs share one. */
const programsInFile = 16;

const count = tally('generated pipelines', { programs: 32, graphs: 256, places: 8000 });

test('static(source) = trace(value)', () => {
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const bodies = Array.from({ length: programsInFile }, () => pipelineProgram(drawFrom(g)));
      const text = moduleOf(bodies);
      const reading = read(text);
      const told = reading.diagnostics.map(
        ({ code, message, span }) => `${code} ${message}: ${text.split('\n')[span.line - 1]}`,
      );
      expect(told).toEqual([]);
      const run = runNatively(text, { millrace });
      const calls = callsIn(text);
      for (const [i, body] of bodies.entries()) {
        const traced = graphsOf(run[`p${i}`]);
        for (const [j, graph] of graphsOf(reading.pipelines.get(`p${i}`)).entries()) {
          expect(bare(graph), body).toBe(bare(traced[j]!));
          count('graphs');
          count('places', checkPlaces(graph, calls));
        }
        count('programs');
      }
    }),
    { numRuns: runs(2), endOnFailure: true },
  );
});

function read(text: string): StaticReading {
  return withFiles({ 'input.ts': text }, (folder) =>
    readStatically(join(folder, 'input.ts'), { modules: { millrace } }),
  );
}

/** All programs of a pipeline, as they were read and as they were checked. */
function graphsOf(value: unknown): Graph[] {
  if (!isPipeline(value)) return expect.fail('no pipeline');
  const { read: before, checked, diagnostics } = phases(value, { name: 'subject' });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return [...before.keys()].flatMap((program) => [before.get(program)!, checked!.check.get(program)!]);
}

/** Names of variables are known to the static reader alone. */
function bare(graph: Graph): string {
  return print(graph, { spans: false, names: false });
}

/** The place of each node, and of the calls that led to it, is a call to the character. Gives how many there were. */
function checkPlaces(graph: Graph, calls: ReadonlySet<string>): number {
  const places = topological(graph).flatMap(({ span }) =>
    span.file === '' ? [] : [span, ...(span.via ?? [])],
  );
  expect(places.map(placeText).filter((place) => !calls.has(place))).toEqual([]);
  return places.length;
}

function placeText({
  line,
  column,
  endLine,
  endColumn,
}: Pick<Span, 'line' | 'column' | 'endLine' | 'endColumn'>): string {
  return `${line}:${column}-${endLine}:${endColumn}`;
}

/** Lines and columns counted here, character by character, so that the reader's own counting is checked, too. */
function callsIn(text: string): Set<string> {
  const places: { line: number; column: number }[] = [];
  let [line, column] = [1, 1];
  for (let at = 0; at <= text.length; at++) {
    places.push({ line, column });
    [line, column] = text[at] === '\n' ? [line + 1, 1] : [line, column + 1];
  }
  const file = ts.createSourceFile('input.ts', text, ts.ScriptTarget.ES2023, true);
  const calls = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [from, to] = [places[node.getStart(file)]!, places[node.getEnd()]!];
      calls.add(placeText({ ...from, endLine: to.line, endColumn: to.column }));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

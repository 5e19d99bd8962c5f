/** A NaN or an infinity that a step gives is traced to the op, the source line and the row that it came from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStatically } from '../../compiler/1-read/interpreter/read-statically.ts';
import { isPipeline } from '../../compiler/1-read/reader/trace.ts';
import type { Compiled } from '../../compiler/compile.ts';
import { compile } from '../../compiler/compile.ts';
import type { Numbers, Session } from '../../runtime/engines/engine.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import type { NonFinite } from '../../runtime/run/non-finite/found.ts';
import { locateNonFinite } from '../../runtime/run/non-finite/locate.ts';
import * as millrace from '../../stdlib/index.ts';
import { pipelineOf } from '../differential/pipeline-of.ts';
import { drawFrom } from '../static/draw.ts';
import { withFiles } from '../static/with-files.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import type { Batch } from './batches.ts';
import { batchOf } from './batches.ts';
import type { Faulty } from './faults.ts';
import { faults, isTrained, withFault } from './faults.ts';
import * as faulty from './faulty-models.ts';
import { faultyProgram, header } from './faulty-programs.ts';

const count = tally('injected faults', {
  injected: 40,
  located: 20,
  swallowed: 1,
  'in columns': 5,
  sound: 2,
});

const kinds = [...Object.keys(faults), 'NaN column', '∞ column', 'none'];

const statesOf = (session: Session, { module }: Compiled): Map<string, Numbers> =>
  new Map(module.state.map(({ id }) => [id, session.read(id)]));

/** One step in the engine that trains, from fresh parameters. */
async function stepped(compiled: Compiled, batch: Batch, seed: number) {
  const session = await wasm.load(compiled.module);
  const { init, step, state } = compiled.contract;
  session.write(state.seed, [seed, 7]);
  session.write(state.step, [0]);
  session.program(init.program).run(1);
  const states = statesOf(session, compiled);
  const program = session.program(step.program);
  for (const [name, values] of Object.entries(batch.inputs)) program.inputs[name]?.set(values);
  program.run(batch.rows);
  const loss = program.outputs[step.batch.loss]?.[0] ?? Number.NaN;
  const after = statesOf(session, compiled);
  const spoilt = compiled.module.state.filter(
    ({ id }) => !(after.get(id)?.every((value) => Number.isFinite(value)) ?? false),
  );
  session.dispose();
  return { states, isLossFinite: Number.isFinite(loss), isSpoilt: spoilt.length > 0 };
}

test('injected at any value of any pipeline', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 9_999 }), { minLength: 40, maxLength: 40 }),
      fc.constantFrom(...kinds),
      fc.nat({ max: 9_999 }),
      fc.nat({ max: 4 }),
      fc.nat({ max: 999 }),
      async (choices, kind, choice, struck, seed) => {
        const pipeline = pipelineOf(choices);
        const fault = faults[kind];
        const injected: Faulty | undefined = withFault(pipeline, fault ?? faults['log(0)']!, choice);
        expect(injected).toBeDefined();
        if (!injected) return;
        const { compiled, place, behind } = injected;
        const batch = batchOf(5, fault ? struck : undefined, seed);
        const at = struck * 3 + (choice % 3);
        if (kind.endsWith('column'))
          batch.inputs.features![at] = kind.startsWith('NaN') ? Number.NaN : Number.POSITIVE_INFINITY;
        const { states, isLossFinite, isSpoilt } = await stepped(compiled, batch, seed);
        const found = locateNonFinite({ compiled, states, ...batch });
        const told = `${kind} behind ${behind.card.name}`;
        expect(found !== undefined, `${told}: found`).toBe(!isLossFinite || isSpoilt);
        count('injected');
        if (!found) {
          count(kind === 'none' ? 'sound' : 'swallowed');
          return;
        }
        expect(found.reached === 'loss', told).toBe(!isLossFinite);
        expect(found.row, told).toBe(struck);
        if (!fault) {
          expect(found, told).toMatchObject({
            origin: 'column',
            column: 'features',
            index: [struck, choice % 3],
          });
          count('in columns');
          return;
        }
        expect(found.span, told).toMatchObject({ file: place.file, line: place.line });
        expect(found.part, told).toBe(fault.part);
        if (fault.part === 'forward') {
          expect(found.op, told).toBe(fault.op);
          expect(
            found.operands.map(({ value }) => value),
            told,
          ).toEqual(fault.received);
        } else {
          expect(isTrained(behind), told).toBe(true);
        }
        count('located');
      },
    ),
    { numRuns: runs(50) },
  );
});

const models = fileURLToPath(new URL('./faulty-models.ts', import.meta.url));
const text = readFileSync(models, 'utf8').split('\n');

/** The line that is marked for a pipeline and a reader; without a mark, the one on which the pipeline begins. */
function markedLine(name: string, reader: 'run' | 'read'): number {
  const has = (mark: string): number => text.findIndex((row) => row.trimEnd().endsWith(mark)) + 1;
  return (
    has(`// ⟵ ${name}`) ||
    has(`// ⟵ ${name} (${reader})`) ||
    text.findIndex((row) => row.startsWith(`export const ${name} = `)) + 1
  );
}

/** The data of the models. */
const fourRows: Batch = {
  rows: 4,
  inputs: {
    x: Float32Array.of(1, 2, 3, 4, 2, 1, 1, 0.5, 0, -1, 1000, 1, 0.5, 1, 2, 2),
    y: Float32Array.of(1, 0, 1, 0),
  },
};

const expected: Readonly<Record<string, Partial<NonFinite>>> = {
  direct: { op: 'log', part: 'forward', row: 2, index: [2, 0], within: [] },
  helper: { op: 'sqrt', part: 'forward', row: 2, index: [2, 1], value: Number.NaN },
  layer: { op: 'exp', part: 'forward', row: 2, index: [2, 2], value: Number.POSITIVE_INFINITY },
  ownLoss: { op: 'divide', part: 'forward', row: 2, value: Number.POSITIVE_INFINITY },
  several: { op: 'log', part: 'forward', row: 2, value: Number.NEGATIVE_INFINITY },
  slope: { part: 'gradient', of: 'sqrt', row: 2, reached: expect.objectContaining({ id: 'param' }) },
  blind: { op: 'subtract', part: 'forward', row: 2, within: ['softmax'], value: Number.NaN },
  rate: { op: 'multiply', part: 'update', of: 'sgd', parameter: 'dense.kernel', row: undefined },
  network: { op: 'log', part: 'forward', row: 0 },
  chosen: { op: 'exp', part: 'forward', row: 2 },
  largest: { op: 'exp', part: 'forward', row: 2 },
  flat: { op: 'log', part: 'forward', row: 2, value: Number.NEGATIVE_INFINITY },
};

describe.each(['run', 'read'] as const)('in a file that is %s', (reader) => {
  const read = reader === 'read' ? readStatically(models, { modules: { millrace } }) : undefined;
  const pipelines: ReadonlyMap<string, unknown> = read ? read.pipelines : new Map(Object.entries(faulty));

  test.each(Object.entries(expected))('%s', async (name, facts) => {
    const pipeline = pipelines.get(name);
    if (!isPipeline(pipeline)) return expect.fail(`no pipeline ${name}`);
    const compiled = compile(pipeline);
    const { states } = await stepped(compiled, fourRows, 3);
    const found = locateNonFinite({ compiled, states, ...fourRows });
    expect(found).toMatchObject(facts);
    expect(found?.span).toMatchObject({ file: models, line: markedLine(name, reader) });
  });

  test('an infinity that does no harm is not held against anyone', async () => {
    const pipeline = pipelines.get('masked');
    if (!isPipeline(pipeline)) return expect.fail('no pipeline');
    const compiled = compile(pipeline);
    const { states, isLossFinite, isSpoilt } = await stepped(compiled, fourRows, 3);
    expect([isLossFinite, isSpoilt]).toEqual([true, false]);
    expect(locateNonFinite({ compiled, states, ...fourRows })).toBeUndefined();
  });
});

/** A module on one page, and its pipelines as both readers have them: from the file, and as Node runs it under this name. */
const page = '/programs/faulty.ts';

function ranUnder(text: readonly string[]): ReadonlyMap<string, unknown> {
  const [first = '', ...rest] = text;
  const script = [
    first.replace(/^import (\{.*\}) from .*/, 'const $1 = millrace;'),
    ...rest.map((row) => row.replace(/^export const (\w+) = /, 'exports.$1 = ')),
  ].join('\n');
  const exports: Record<string, unknown> = {};
  compileFunction(script, ['exports', 'millrace'], { filename: page })(exports, millrace);
  return new Map(Object.entries(exports));
}

test('a line of any program, run and read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.gen(), fc.nat({ max: 4 }), async (g, struck) => {
      const text = [...header];
      const programs = Array.from({ length: 12 }, (_, i) => {
        const program = faultyProgram(`p${i}`, drawFrom(g));
        const top = text.push(...program.lines) - program.lines.length;
        return { ...program, name: `p${i}`, top };
      });
      const read = withFiles({ 'faulty.ts': text.join('\n') }, (folder) =>
        readStatically(join(folder, 'faulty.ts'), { modules: { millrace } }),
      );
      expect(read.diagnostics).toEqual([]);
      const batch: Batch = {
        rows: 5,
        inputs: {
          x: Float32Array.from({ length: 15 }, (_, i) => Math.fround(Math.sin(i + struck))),
          size: Float32Array.from({ length: 5 }, (_, row) => Number(row !== struck)),
          y: new Float32Array(5),
        },
      };
      for (const pipelines of [read.pipelines, ranUnder(text)]) {
        for (const { name, top, line, column, op, received } of programs) {
          const pipeline = pipelines.get(name);
          if (!isPipeline(pipeline)) return expect.fail(`no pipeline ${name}`);
          const compiled = compile(pipeline);
          const { states } = await stepped(compiled, batch, 5);
          const found = locateNonFinite({ compiled, states, ...batch });
          const told = text.slice(top, top + 12).join('\n');
          expect(found, told).toMatchObject({ row: struck, part: 'forward', op });
          expect(found?.span, told).toMatchObject({ line: top + line + 1, column });
          if (received.length > 0)
            expect(
              found?.operands.map(({ value }) => value),
              told,
            ).toEqual(received);
          count('lines');
        }
      }
    }),
    { numRuns: runs(2), endOnFailure: true },
  );
});

/** A NaN or an infinity that a step gives is traced to the op, the source line and the row that it came from. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Compiled } from '../../compiler/compile.ts';
import type { Numbers, Session } from '../../runtime/engines/engine.ts';
import { wasm } from '../../runtime/engines/wasm/index.ts';
import { locateNonFinite } from '../../runtime/run/non-finite/locate.ts';
import { pipelineOf } from '../differential/pipeline-of.ts';
import { runs } from '../support/effort.ts';
import { tally } from '../support/tally.ts';
import type { Faulty } from './faults.ts';
import { faults, isTrained, trigger, withFault } from './faults.ts';

const count = tally('injected faults', { injected: 60, located: 30, swallowed: 1, 'in columns': 8, sound: 4 });

const kinds = [...Object.keys(faults), 'NaN column', '∞ column', 'none'];

interface Batch {
  readonly rows: number;
  readonly inputs: Readonly<Record<string, Numbers>>;
}

/** Rows of which one is struck. */
function batchOf(rows: number, struck: number | undefined, seed: number): Batch {
  let state = seed + 1;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.fround((state >>> 8) / 2 ** 24);
  };
  return {
    rows,
    inputs: {
      features: Float32Array.from({ length: rows * 3 }, () => random() * 2 - 1),
      size: Float32Array.from({ length: rows }, (_, row) => (row === struck ? trigger : random())),
      kind: Int32Array.from({ length: rows }, () => Math.floor(random() * 3)),
      mark: Int32Array.from({ length: rows }, () => Math.round(random())),
    },
  };
}

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
        const faulty: Faulty | undefined = withFault(pipeline, fault ?? faults['log(0)']!, choice);
        expect(faulty).toBeDefined();
        if (!faulty) return;
        const { compiled, place, behind } = faulty;
        const batch = batchOf(5, fault ? struck : undefined, seed);
        const at = struck * 3 + (choice % 3);
        if (kind.endsWith('column')) batch.inputs.features![at] = kind.startsWith('NaN') ? Number.NaN : Number.POSITIVE_INFINITY;
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
          expect(found, told).toMatchObject({ origin: 'column', column: 'features', index: [struck, choice % 3] });
          count('in columns');
          return;
        }
        expect(found.span, told).toMatchObject({ file: place.file, line: place.line });
        expect(found.part, told).toBe(fault.part);
        if (fault.part === 'forward') {
          expect(found.op, told).toBe(fault.op);
          expect(found.operands.map(({ value }) => value), told).toEqual(fault.received);
        } else {
          expect(isTrained(behind), told).toBe(true);
        }
        count('located');
      },
    ),
    { numRuns: runs(80) },
  );
});

/** Generated programs, state and updates included, give on TensorFlow what they mean. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topological } from '../../compiler/ir/graph.ts';
import { print } from '../../compiler/ir/print.ts';
import { difference } from '../differential/compare.ts';
import { grow } from '../differential/grow.ts';
import type { Case } from '../differential/laws.ts';
import { caseOf } from '../differential/laws.ts';
import { recipes } from '../differential/recipe.ts';
import { regressions, settingOf } from '../differential/regressions.ts';
import type { Turn } from '../differential/turns.ts';
import { inputNumbers, stateNumbers, turns } from '../differential/turns.ts';
import { runs } from '../support/effort.ts';
import { moduleOf } from '../support/module-of.ts';
import { tally } from '../support/tally.ts';
import { InProcess, tensorflowHere } from './in-process.ts';

const found = tensorflowHere('generated programs on TensorFlow');

/** The program's turns on TensorFlow. */
async function onTensorflow({ simple, setting }: Case, binding: string): Promise<Turn[]> {
  const session = await InProcess.load(moduleOf(simple, setting.state, setting.capacity), binding);
  for (const entry of setting.state) session.write(entry.id, stateNumbers(entry, setting).data);
  const leaves = new Map(topological(simple).map((node) => [node.name, node]));
  const results = Array.from({ length: turns }, (_, turn) => {
    const outputs = session.run(
      'step',
      setting.rows,
      (name) => inputNumbers(leaves.get(name)!, setting, turn).data,
    );
    const state = setting.state.map(({ id }) => [id, session.read(id)] as const);
    return { ...outputs, ...Object.fromEntries(state) };
  });
  session.end();
  return results;
}

async function fault(given: Case, binding: string): Promise<string | undefined> {
  const { tolerance } = given.rounding;
  // TensorFlow sums and rounds in another order, and takes numbers without a full mantissa as 0.
  const wider = (...at: Parameters<typeof tolerance>): number => 4 * tolerance(...at) + 1e-30;
  return difference(given.meaning, await onTensorflow(given, binding), (turn, name, i, wanted) =>
    Number.isInteger(wanted) && tolerance(turn, name, i, wanted) === 0 ? 0 : wider(turn, name, i, wanted),
  );
}

if (found) {
  const count = tally('generated programs on TensorFlow', { programs: 60, ops: 300 });

  test('generated programs', async () => {
    let how: string | undefined;
    const property = fc.asyncProperty(recipes(), async (recipe) => {
      const grown = grow(recipe);
      how = await fault(caseOf(grown.graph, grown), found.file);
      count('programs');
      count('ops', grown.called.length);
      return how === undefined;
    });
    const outcome = await fc.check(property, { numRuns: runs(60) });
    if (!outcome.failed) return;
    const { graph } = grow(outcome.counterexample![0]);
    throw new Error(`${how ?? outcome.errorInstance}\n${print(graph, { spans: false })}`, {
      cause: outcome.errorInstance,
    });
  });

  test('programs that were once broken elsewhere', async () => {
    for (const { file, graph } of regressions()) {
      expect(await fault(caseOf(graph, settingOf(graph)), found.file), file).toBeUndefined();
      count('programs');
    }
  });
} else test('TensorFlow is not set up here', () => {});

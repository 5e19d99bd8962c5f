/** The programs of a pipeline: init, step, evaluate, and those that answer rows, over one table of state. */
import type { Checked } from '../2-check/checked.ts';
import { expand, expandGraph } from '../2-check/expand.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Fusion, Graph, Output, Update } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';
import { nodeOf } from '../ir/node.ts';
import { evaluate, fit, init, predict, step } from '../ir/program-names.ts';
import { copy, rebuildAll, rebuildGraph, withInputs } from '../ir/rewrite.ts';
import { at } from '../ir/site.ts';
import { seedId, stepId } from '../ir/state-ids.ts';
import type { StateEntry } from '../module.ts';
import { constant, runStep, training } from '../op/leaf.ts';
import type { TrainingContract } from './contract.ts';
import { epochSums } from './epoch-sums.ts';
import { trainObjectives } from './objectives.ts';
import { weightedSum } from './weighted-sum.ts';

export interface TrainingPrograms {
  readonly graphs: ReadonlyMap<string, Graph>;
  readonly state: readonly StateEntry[];
  readonly contract: TrainingContract;
  readonly diagnostics: readonly Diagnostic[];
}

export function trainingProgramsOf(checked: Checked): TrainingPrograms {
  return at(checked.span, () => {
    const { diagnostics, updates, fusions, slots, rates } = trainObjectives(checked);
    const trained = epochSums(checked, 'train');
    const validated = epochSums(checked, 'validation');
    const held: readonly Held[] = [
      ...checked.params.map((leaf) => ({ leaf, role: 'param' as const })),
      ...checked.states.map((leaf) => ({ leaf, role: 'state' as const })),
      ...slots.map((leaf) => ({ leaf, role: 'slot' as const })),
      ...[...trained.leaves, ...validated.leaves].map((leaf) => ({ leaf, role: 'metric' as const })),
      ...rates.map(({ leaf }) => ({ leaf, role: 'run' as const })),
    ];
    const counted: Update = { target: runStep, value: nodeOf(checked.vocabulary.roles.add(runStep, 1)) };
    const losses = batchLosses(checked);
    const graphs = [
      initProgram(
        checked,
        held.map(({ leaf }) => leaf),
      ),
      program(checked, step, {
        outputs: [...losses.outputs, ...trained.outputs],
        updates: [...updates, ...checked.updates, ...trained.updates, counted],
        fusions,
      }),
      program(checked, evaluate, { outputs: validated.outputs, updates: validated.updates }),
      ...checked.programs.map(({ name, outputs }) => program(checked, name, { outputs })),
      ...(checked.fits.length > 0 ? [program(checked, fit, { updates: checked.fits })] : []),
    ];
    return {
      diagnostics,
      state: [
        ...held.map(({ leaf, role }) => entry(leaf, role)),
        { id: stepId, label: 'step', dtype: 'int32', shape: [], role: 'run' },
        { id: seedId, label: 'seed', dtype: 'int32', shape: [2], role: 'run' },
      ],
      graphs: new Map(graphs.map((graph) => [graph.program, graph])),
      contract: {
        schema: checked.programs[0]?.schema ?? {},
        init: { program: init },
        ...(checked.fits.length > 0 && {
          fit: { program: fit, states: checked.fits.map(({ target }) => idOf(target)) },
        }),
        step: {
          program: step,
          batch: { ...losses.ports, metrics: trained.batchMetrics },
          epoch: trained.ports,
        },
        evaluate: { program: evaluate, epoch: validated.ports },
        predict: { program: predict },
        answers: checked.programs.map(({ name, schema, form, outputs }) => ({
          program: name,
          schema,
          form,
          outputs: outputs.map((output) => ({ label: output.name, id: output.name })),
        })),
        state: {
          step: stepId,
          seed: seedId,
          rates: rates.map(({ objective = '', leaf }) => ({ label: objective, id: idOf(leaf) })),
          sums: { train: trained.leaves.map(idOf), validation: validated.leaves.map(idOf) },
        },
      },
    };
  });
}

interface Held {
  readonly leaf: Node;
  readonly role: StateEntry['role'];
}

function idOf(leaf: Node): string {
  if (leaf.name === undefined) throw new Error('internal: a state without a name');
  return leaf.name;
}

function entry(leaf: Node, role: StateEntry['role']): StateEntry {
  const id = idOf(leaf);
  // What is held across steps has sizes that are known.
  return { id, label: id.replace(/^§/, ''), dtype: leaf.dtype, shape: leaf.shape as readonly number[], role };
}

/** The losses of the present batch. */
function batchLosses({ objectives, vocabulary }: Checked): {
  outputs: Output[];
  ports: TrainingContract['step']['batch'];
} {
  const [only] = objectives;
  if (only && only.name === undefined)
    return { outputs: [{ name: 'loss', value: only.loss }], ports: { loss: 'loss', losses: [] } };
  const named = objectives.map(({ name = '', loss }) => ({
    name,
    output: { name: `losses.${name}`, value: loss },
  }));
  const weighted = objectives.map(({ weight, loss: value }) => ({ weight, value }));
  return {
    outputs: [
      { name: 'loss', value: weightedSum(weighted, vocabulary.roles) },
      ...named.map(({ output }) => output),
    ],
    ports: { loss: 'loss', losses: named.map(({ name, output }) => ({ label: name, id: output.name })) },
  };
}

/** Every state takes its initial value; streams of random numbers go on where the others end. */
function initProgram(checked: Checked, leaves: readonly Node[]): Graph {
  let { streams } = checked;
  const initials = expand(
    leaves.map((leaf) => {
      if (!leaf.initial) throw new Error(`internal: ${leaf.name} has no initial value`);
      return leaf.initial;
    }),
  );
  const numbered = rebuildAll(initials, (node, inputs) =>
    node.card.kind === 'random'
      ? copy(node, { inputs, attributes: { ...node.attributes, stream: streams++ } })
      : withInputs(node, inputs),
  );
  const updates = leaves.map((target, i) => ({ target, value: numbered[i]! }));
  return program(checked, init, {
    updates: [...updates, { target: runStep, value: constant(0, [], 'int32') }],
  });
}

interface Parts {
  readonly outputs?: readonly Output[];
  readonly updates?: readonly Update[];
  readonly fusions?: readonly Fusion[];
}

/** Puts a program together: primitives only, `training` known, and initial values left to the program that sets them. */
function program(checked: Checked, name: string, parts: Parts): Graph {
  const { span } = checked;
  const whole = { outputs: [], updates: [], ...parts, name: checked.name, program: name, span };
  const mode = constant(name === step ? 1 : 0, [], 'bool');
  return rebuildGraph(
    expandGraph(whole),
    (node, inputs) => (node.initial ? copy(node, { initial: undefined }) : withInputs(node, inputs)),
    new Map([[training, mode]]),
  );
}

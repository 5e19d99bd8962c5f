/** The examples whose compiled forms are recorded, read as `millrace graph` reads them. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from '../../compiler/check-file.ts';
import type { Graph } from '../../compiler/ir/graph.ts';
import type { Phases } from '../../compiler/phases.ts';

export type Checked = NonNullable<Phases['checked']>;

export interface Example {
  readonly name: string;
  readonly phases: Phases;
  readonly checked: Checked;
}

/** Read once for all specs of a file: opening TypeScript takes its time. */
export const examples: readonly Example[] = await Promise.all(
  ['linear-regression', 'iris', 'mnist', 'live-sensors', 'cnn', 'gpt', 'vit'].map(async (name) => {
    const { pipelines, diagnostics } = await check(
      fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url)),
    );
    const [phases] = [...pipelines.values()].map((one) => one.phases);
    if (!phases?.checked)
      throw new Error(`internal: ${name}: ${diagnostics.map(({ message }) => message).join()}`);
    return { name, phases, checked: phases.checked };
  }),
);

/** How a file is written in recorded places. */
export const fileName = (path: string): string => basename(path);

/** The graph of a program, which is there. */
export function graphIn(graphs: ReadonlyMap<string, Graph>, program: string): Graph {
  const graph = graphs.get(program);
  if (!graph) throw new Error(`internal: there is no program ${program}`);
  return graph;
}

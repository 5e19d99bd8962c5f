/** Every node of every phase of every example has a place in the example's own text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Graph, Phases } from '../../compiler/index.ts';
import { check, phases } from '../../compiler/index.ts';
import { topological } from '../../compiler/ir/graph.ts';
import type { Node } from '../../compiler/ir/node.ts';
import { isOurs } from '../../compiler/ir/state-ids.ts';
import { nodesUnder } from '../../compiler/ir/walk.ts';
import type { AnyPipeline } from '../../dsl/pipeline.ts';
import { Pipeline } from '../../dsl/pipeline.ts';
import { filesUnder, root } from './source-files.ts';

/** Each graph of each phase, composites' bodies included. */
function* nodesOf({ read, checked }: Phases): Generator<{ readonly phase: string; readonly node: Node }> {
  const stages = { read, ...checked };
  for (const phase of ['read', 'check', 'differentiate', 'simplify'] as const) {
    const graphs: ReadonlyMap<string, Graph> = stages[phase] ?? new Map();
    for (const graph of graphs.values()) {
      for (const node of topological(graph)) {
        yield { phase: `${phase} ${graph.program}`, node };
        if (node.body)
          for (const inner of nodesUnder([node.body])) {
            yield { phase: `${phase} ${graph.program}`, node: inner };
          }
      }
    }
  }
}

function unplaced(result: Phases, file: string): { readonly seen: number; readonly lost: readonly string[] } {
  let seen = 0;
  const lost = new Set<string>();
  for (const { phase, node } of nodesOf(result)) {
    seen++;
    const { span } = node;
    // The seed and the step are the run's: one node serves all pipelines, and no program writes it down.
    const isOfTheRun = node.card.kind === 'leaf' && isOurs(node.name ?? '');
    const isPlaced = span.file === file && span.line > 0 && span.endColumn > 0;
    if (!isPlaced && !isOfTheRun)
      lost.add(`${phase}: ${node.card.name} ${node.name ?? ''} at ${span.file}:${span.line}`);
  }
  return { seen, lost: [...lost] };
}

/** Graphs by hand have no phases, and run when they are loaded; a package's parts are no programs. */
const withPipelines = filesUnder('examples', '.ts').filter(
  (path) => !path.includes('own-vocabulary/') && readFileSync(join(root, path), 'utf8').includes('pipeline('),
);

describe.each(withPipelines)('%s', (path) => {
  const file = join(root, path);

  test('read statically', async () => {
    const { pipelines, diagnostics } = await check(file);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(pipelines.size).toBeGreaterThan(0);
    for (const { phases: result } of pipelines.values()) {
      const { seen, lost } = unplaced(result!, file);
      expect(lost).toEqual([]);
      expect(seen).toBeGreaterThan(100);
    }
  });

  test('traced', async () => {
    const exported: Readonly<Record<string, unknown>> = await import(file);
    const pipelines = Object.values(exported).filter(
      (value): value is AnyPipeline => value instanceof Pipeline,
    );
    expect(pipelines.length).toBeGreaterThan(0);
    for (const pipeline of pipelines) {
      const { seen, lost } = unplaced(phases(pipeline), file);
      expect(lost).toEqual([]);
      expect(seen).toBeGreaterThan(100);
    }
  });
});

/** No file needs itself to load, but for the few rings that have a reason. */
import { expect, test } from 'vitest';
import { importsOf, sources } from './source-files.ts';

/** Rings within these folders are allowed. */
const allowed: readonly { readonly folders: readonly string[]; readonly why: string }[] = [
  {
    folders: ['stdlib/ops', 'stdlib/gradients'],
    why: 'gradients are written in ops, which have gradients; the calls lie inside functions, never at loading',
  },
  {
    folders: ['compiler/1-read/interpreter'],
    why: 'expressions hold functions, functions hold statements, statements hold expressions: TypeScript’s grammar is a ring',
  },
];

/** Tarjan's strongly connected components, of more than one file. */
function rings(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) low.set(node, Math.min(low.get(node)!, visit(next)));
      else if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, index.get(next)!));
    }
    if (low.get(node) === own) {
      const ring = stack.splice(stack.indexOf(node));
      if (ring.length > 1) found.push(ring.sort());
    }
    return low.get(node)!;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

const loads = new Map(
  [...sources].map(([path, file]) => [
    path,
    importsOf(path, file).flatMap(({ target, isPackage, isTypeOnly }) =>
      isPackage || isTypeOnly ? [] : [target],
    ),
  ]),
);

test('the search finds a ring', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(rings(graph)).toEqual([['a', 'b', 'c']]);
});

test('no files import each other in a ring without a reason', () => {
  const unexplained = rings(loads).filter(
    (ring) =>
      !allowed.some(({ folders }) =>
        ring.every((path) => folders.some((folder) => path.startsWith(`${folder}/`))),
      ),
  );
  expect(unexplained).toEqual([]);
});

test('every reason is still needed', () => {
  const idle = allowed.filter(
    ({ folders }) =>
      !rings(loads).some((ring) => folders.some((folder) => ring[0]?.startsWith(`${folder}/`))),
  );
  expect(idle).toEqual([]);
});

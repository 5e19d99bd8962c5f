/**
 * Puts the JavaScript of dist/ together: few files, since Node takes longer to find a thousand modules than to run them.
 * `npm run build` calls it; types come from the TypeScript compiler and lie beside.
 */
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What can be imported by the name of the package. */
const named = Object.values(exports).flatMap((entry) => entry.default?.slice('./dist/'.length, -3) ?? []);

/** What Node itself begins with: the command, hooks of its loader, threads. */
const begun = [
  'cli/main',
  'cli/register-hooks',
  'cli/module-hooks',
  'runtime/serve/thread/worker',
  'runtime/engines/tensorflow/worker',
];

/** What specs and benches of the built package look at inside it, by these paths in dist/. */
const inside = [
  'compiler/ir/dim',
  'compiler/ir/graph',
  'compiler/5-plan/3-kernels/block',
  'compiler/5-plan/3-kernels/touched',
  'compiler/6-emit/wasm/index',
  'compiler/6-emit/wasm/assembler/function',
  'compiler/6-emit/wasm/assembler/module',
  'runtime/data/open-feed',
  'runtime/engines/wasm/module-cache',
  'runtime/run/event-loop-slices',
  'runtime/store/checkpoints',
  'runtime/store/checkpoints/newest',
  'runtime/store/folder/node-file-system',
  'runtime/store/variables',
];

/** It is run as it is written. */
const copied = 'runtime/engines/wasm/worker.mjs';

const source = (path) => join(root, `${path}.ts`);

/** What each module imports at once, and whether it imports others of ours when they are needed. */
const modules = new Map();
const lookAround = {
  name: 'look around',
  buildEnd() {
    for (const id of this.getModuleIds()) {
      const { importedIds, dynamicallyImportedIds } = this.getModuleInfo(id);
      const isWaiting = dynamicallyImportedIds.some((each) => each.startsWith(root));
      modules.set(id, { importedIds, isWaiting });
    }
  },
};

/** A module, and all that is loaded with it. */
function loadedWith(id, found = new Set()) {
  if (!modules.has(id) || found.has(id)) return found;
  found.add(id);
  for (const each of modules.get(id).importedIds) loadedWith(each, found);
  return found;
}

/** Gives the file of what nearly all programs load; what else there is falls into files by who loads it. */
function fileOf(id) {
  // The command refuses, and helps, without a word of the language.
  if (id.startsWith(join(root, 'compiler')) && loadedWith(source('cli/main')).has(id)) return 'refusals';
  if (loadedWith(source('stdlib/index')).has(id)) return 'language';
  if (!loadedWith(source('runtime/index')).has(id)) return undefined;
  // What is imported when it is needed needs the runtime, never these: users' bundlers stumble over such rings.
  return [...loadedWith(id)].some((each) => modules.get(each).isWaiting) ? 'waiting' : 'runtime';
}

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries([...named, ...begun, ...inside].map((path) => [path, source(path)])),
  platform: 'node',
  // Packages, and this one by its own name.
  external: (id) => !/^[./]/.test(id) && !id.startsWith(root),
  treeshake: { moduleSideEffects: true },
  // Engines are loaded when they are chosen, and exported for those who choose them by hand.
  checks: { ineffectiveDynamicImport: false },
  plugins: [lookAround],
});
const { output } = await bundle.write({
  dir: dist,
  format: 'esm',
  entryFileNames: '[name].js',
  // As deep as compiler/ir/home.ts, which tells where Millrace lies.
  chunkFileNames: 'compiler/parts/[name].js',
  minifyInternalExports: false,
  codeSplitting: {
    // A file takes what its modules need with it, so those that need least come first.
    groups: ['waiting', 'runtime', 'language', 'refusals'].map((name, priority) => ({
      name,
      priority,
      test: (id) => fileOf(id) === name,
    })),
  },
});
await bundle.close();
copyFileSync(join(root, copied), join(dist, copied));

/** What an earlier build has left would be published otherwise. */
const made = new Set([...output.map(({ fileName }) => fileName), copied]);
for (const path of readdirSync(dist, { recursive: true }))
  if (/\.m?js$/.test(path) && !made.has(path.replaceAll('\\', '/'))) rmSync(join(dist, path));

/** How specs run: the package's names point at its sources; the seed is fixed and printed. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { builtDeclarations } from './specs/support/built-declarations.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [builtDeclarations],
  resolve: {
    alias: [
      { find: /^millrace$/, replacement: here('stdlib/index.ts') },
      { find: /^millrace\/op$/, replacement: here('stdlib/op.ts') },
      { find: /^millrace\/laws$/, replacement: here('laws/index.ts') },
      { find: /^millrace\/runtime$/, replacement: here('runtime/index.ts') },
      { find: /^millrace\/sources$/, replacement: here('runtime/sources/index.ts') },
      { find: /^millrace\/session$/, replacement: here('runtime/faces/session/index.ts') },
      { find: /^millrace\/compiler$/, replacement: here('compiler/index.ts') },
    ],
  },
  test: {
    include: ['specs/**/*.spec.ts'],
    // They start servers of their own: `npm run test:long`.
    exclude: process.env.MILLRACE_SERVERS === '1' ? [] : ['specs/servers/**'],
    setupFiles: ['specs/support/setup.ts'],
    globalSetup: ['specs/support/announce.ts'],
    // Specs look at what is emitted now, not at what was kept from before.
    env: { MILLRACE_CACHE: 'off' },
    // Long enough for a generated suite on a slow machine; nothing asserts a time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Spec files of a worker share loaded modules: loading the vocabulary and ts-morph anew for each takes longer than
    // most of them run. Nothing in the house keeps state in modules that one spec could leave to the next.
    isolate: false,
    // Generated suites make much that is dropped at once: young objects with more room are collected less often.
    execArgv: ['--max-semi-space-size=64'],
    maxWorkers: process.env.CI ? 2 : '75%',
  },
});

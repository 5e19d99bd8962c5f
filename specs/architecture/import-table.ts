/** Which room may import what, and why. The narrowest room that holds a file decides. */

export interface Room {
  /** A folder, or a single file with a rule of its own. */
  readonly room: string;
  /** What its files may import besides each other; `types:` means types only, which are gone at run time. */
  readonly may: readonly string[];
  readonly packages?: readonly string[];
  readonly why: string;
}

const language = ['dsl', 'compiler/op', 'compiler/ir', 'compiler/diagnostics'];

export const rooms: readonly Room[] = [
  {
    room: 'dsl',
    may: [],
    why: 'the language is what a user sees; it can be read, and used, knowing nothing of the machinery behind it',
  },
  {
    room: 'compiler/diagnostics',
    may: ['types:compiler/ir', 'compiler/ir/span.ts'],
    packages: ['node:fs', 'node:path'],
    why: 'every room refuses by it, so it stands on nothing but places and the lines that are shown there',
  },
  {
    room: 'compiler/ir',
    may: ['types:dsl', 'compiler/op', 'compiler/diagnostics'],
    packages: ['node:url'],
    why: 'graphs know cards and types; what passes do with them is the passes’ business',
  },
  {
    room: 'compiler/op',
    may: ['types:dsl', 'compiler/ir', 'compiler/diagnostics'],
    why: 'a card is called by users and read by passes; it knows neither',
  },
  {
    room: 'compiler/1-read',
    may: language,
    why: 'reading a pipeline value needs the language only',
  },
  {
    room: 'compiler/1-read/interpreter',
    may: [...language, 'compiler/1-read'],
    packages: ['ts-morph', 'node:fs', 'node:path', 'node:url', 'node:vm'],
    why: 'the one place that knows TypeScript: whoever does not read files never loads it',
  },
  {
    room: 'compiler/2-check',
    may: [...language, 'types:compiler/1-read'],
    why: 'a phase sees the result of the phase before it, never how that came to be',
  },
  {
    room: 'compiler/3-differentiate',
    may: language,
    why: 'gradients are built from the ops that stand in a graph, whoever made it',
  },
  {
    room: 'compiler/programs',
    may: [...language, 'compiler/2-check', 'compiler/3-differentiate', 'types:compiler/module.ts'],
    why: 'the programs of a pipeline are one product of checked graphs; other faces make theirs of the same pieces',
  },
  {
    room: 'compiler/4-simplify',
    may: [...language, 'compiler/2-check'],
    why: 'a rewrite sees graphs and rules; it runs the same before and after differentiation',
  },
  {
    room: 'compiler/5-plan',
    may: [...language, 'compiler/module.ts', 'compiler/lengths.ts'],
    why: 'a plan is made from a graph alone, so any graph that verifies can be planned',
  },
  {
    room: 'compiler/6-emit',
    may: ['types:dsl', 'types:compiler/op', 'compiler/ir', 'types:compiler/5-plan'],
    why: 'an emitter writes down a plan; with no way to a graph it cannot plan again',
  },
  {
    room: 'compiler/6-emit/tensorflow',
    may: ['types:dsl', 'types:compiler/op', 'compiler/ir', 'compiler/module.ts'],
    packages: ['@bufbuild/protobuf/wire'],
    why: 'TensorFlow plans for itself, so it is given the graph; its file format is written by a library that keeps to it',
  },
  {
    room: 'compiler/analyse',
    may: [
      ...language,
      'types:compiler/1-read',
      'compiler/2-check',
      'types:compiler/5-plan',
      'types:compiler/module.ts',
    ],
    why: 'analyses look at what the phases made and change nothing',
  },
  {
    room: 'compiler',
    may: ['dsl', 'compiler'],
    why: 'the files on top put the phases in order; the vocabulary is handed in with the pipeline',
  },
  {
    room: 'stdlib',
    may: language,
    why: 'the vocabulary is written in the language, as a user’s own ops are; it sees no phase and no engine',
  },
  {
    room: 'runtime',
    may: ['dsl', 'compiler', 'runtime'],
    packages: ['rxjs', 'rxjs/internal/*', 'node:timers/promises'],
    why: 'observables are the public face of a run, and the runtime is where that face is',
  },
  {
    room: 'runtime/data',
    may: ['dsl', 'compiler/diagnostics', 'compiler/ir', 'runtime'],
    packages: ['node:fs', 'node:path', 'node:url', 'node:zlib'],
    why: 'data edges are pulled, with bounds, and data lie in files, packed or not; a library that pushes has no place below the public face',
  },
  {
    room: 'runtime/sources',
    may: ['dsl', 'compiler/diagnostics', 'compiler/ir', 'runtime/data'],
    why: 'sources on the network are made of what any user’s source is; clients of brokers are loaded by name when one is opened',
  },
  {
    room: 'runtime/store',
    may: ['dsl', 'compiler', 'runtime'],
    packages: [
      'node:fs',
      'node:readline',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:url',
      'node:crypto',
      'node:os',
      'node:timers/promises',
    ],
    why: 'what is saved are files, and their lock names this process; only here and in data sources does a run touch the disk',
  },
  {
    room: 'runtime/hooks',
    may: ['compiler/diagnostics', 'compiler/ir', 'runtime'],
    packages: ['rxjs'],
    why: 'a hook sees events and answers with commands; it cannot reach the engine past them',
  },
  {
    room: 'runtime/hooks/event-log.ts',
    may: ['runtime'],
    packages: ['node:os', 'node:path'],
    why: 'the example that its laws run with is a file among this machine’s temporary ones',
  },
  {
    room: 'runtime/hooks/checkpoint.ts',
    may: ['runtime'],
    packages: ['node:os', 'node:path'],
    why: 'the example that its laws run with is a folder among this machine’s temporary ones',
  },
  {
    room: 'runtime/serve',
    may: ['dsl', 'compiler', 'runtime'],
    packages: ['node:fs', 'node:fs/promises', 'node:http', 'node:path', 'node:worker_threads'],
    why: 'the one place that answers others on the network; beside training it may have a thread of its own',
  },
  {
    room: 'runtime/faces/session',
    may: ['types:dsl', 'compiler', 'runtime'],
    packages: ['millrace'],
    why: 'a face makes modules of its own from the compiler’s pieces, and its users write in the vocabulary by name',
  },
  {
    room: 'runtime/engines',
    may: ['types:compiler'],
    why: 'what an engine is can be said in types',
  },
  {
    room: 'runtime/engines/by-length.ts',
    may: ['types:compiler', 'compiler/ir', 'compiler/module.ts', 'compiler/lengths.ts', 'runtime/engines'],
    why: 'what makes any engine know sequences: it is handed programs of known sizes',
  },
  {
    room: 'runtime/engines/choose.ts',
    may: ['compiler/diagnostics', 'compiler/ir', 'runtime'],
    why: 'the one list of our engines; each is loaded when it is first chosen',
  },
  {
    room: 'runtime/engines/reference',
    may: [...language, 'compiler/2-check', 'compiler/module.ts', 'types:compiler', 'runtime/engines'],
    why: 'the oracle reads cards; were it to share code with the plan or the emitter, it would share their faults',
  },
  {
    room: 'runtime/engines/wasm',
    may: [
      'types:compiler',
      'compiler/5-plan',
      'compiler/6-emit',
      'compiler/ir',
      'compiler/diagnostics',
      'runtime/engines',
    ],
    packages: ['node:worker_threads', 'node:os', 'node:fs', 'node:path', 'node:crypto'],
    why: 'it instantiates modules, hires threads for them and keeps them on disk; code is generated by the compiler alone',
  },
  {
    room: 'runtime/engines/tensorflow',
    may: [
      'types:dsl',
      'types:compiler',
      'compiler/6-emit',
      'compiler/ir',
      'compiler/diagnostics',
      'runtime/engines',
    ],
    packages: ['node:fs', 'node:fs/promises', 'node:module', 'node:os', 'node:path', 'node:worker_threads'],
    why: 'the one place that knows a native module, and the thread in which it may block',
  },
  {
    room: 'laws',
    may: ['dsl', 'compiler', 'stdlib', 'runtime'],
    packages: ['node:fs/promises', 'node:os', 'node:path', 'node:util'],
    why: 'a definition is held to what compiler and engines make of it, whoever wrote it and whatever runs the tests',
  },
  {
    room: 'cli',
    may: ['dsl', 'compiler', 'stdlib', 'runtime'],
    packages: ['node:*', 'rxjs'],
    why: 'a thin face over everything below',
  },
];

/** Single imports that the table forbids and a reason allows. */
export const exceptions: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  {
    from: 'compiler/6-emit/wasm/loops/loop-nest.ts',
    to: 'compiler/5-plan/3-kernels/coalesce.ts',
    why: 'axes that can be walked as one are found by arithmetic on loops alone; planner and emitter need the same answer',
  },
  {
    from: 'compiler/check-file.ts',
    to: 'millrace',
    why: 'whoever checks a file has no pipeline yet that would bring its vocabulary; loaded by name when first asked for',
  },
  {
    from: 'compiler/check-file.ts',
    to: 'millrace/op',
    why: 'what users define with it is read by calling it, as the vocabulary is',
  },
  {
    from: 'compiler/check-file.ts',
    to: 'runtime/faces/session/graph/index.ts',
    why: 'graphs by hand are read as they are built, so their builders are called; they run nothing, and load no engine',
  },
  {
    from: 'runtime/store/model/read-model.ts',
    to: 'millrace',
    why: 'a saved model is text, and no pipeline comes with it that would bring its vocabulary; loaded by name, too',
  },
];

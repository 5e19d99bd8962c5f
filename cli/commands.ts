/** The verbs and their flags; the code of a verb is loaded when it is called. */
import type { Flag, LazyCommand } from './command.ts';

const pipeline: Flag = {
  name: 'pipeline',
  value: 'NAME',
  summary: 'which pipeline, when the file exports several',
};
const json: Flag = { name: 'json', summary: 'one JSON value a line on standard output, nothing else' };
const engine: Flag = {
  name: 'engine',
  value: 'NAME',
  summary: 'wasm (default), tensorflow or reference',
  choices: ['wasm', 'tensorflow', 'reference'],
};
const input: Flag = {
  name: 'input',
  value: 'FILE',
  summary: 'read rows from this file instead of standard input',
};
const model: Flag = {
  name: 'model',
  value: 'DIR',
  summary: 'the folder that train --save wrote',
  required: true,
};

export const commands: readonly LazyCommand[] = [
  {
    verb: 'check',
    summary: 'read, check and analyse files; nothing of theirs is run',
    files: 'several',
    flags: [
      {
        name: 'data',
        summary: 'say of all data whether they end, how many rows may wait where, and what a crash costs',
      },
      json,
    ],
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    verb: 'graph',
    summary: 'print a program of a pipeline as the compiler sees it',
    files: 'one',
    flags: [
      pipeline,
      {
        name: 'program',
        value: 'NAME',
        summary: "step (default), evaluate, predict, init, or one of the pipeline's own",
      },
      {
        name: 'after',
        value: 'PHASE',
        summary: 'read, check, differentiate, simplify (default), plan or emit',
        choices: ['read', 'check', 'differentiate', 'simplify', 'plan', 'emit'],
      },
      {
        name: 'format',
        value: 'FORM',
        summary: 'text (default), json or dot',
        choices: ['text', 'json', 'dot'],
      },
    ],
    load: async () => (await import('./commands/graph.ts')).graph,
  },
  {
    verb: 'train',
    summary: 'train a pipeline on its data',
    files: 'one',
    flags: [
      pipeline,
      { name: 'epochs', value: 'N', summary: 'how many times to go through the data', atLeast: 0 },
      { name: 'steps', value: 'N', summary: 'how many batches to train on at most', atLeast: 0 },
      {
        name: 'seed',
        value: 'N',
        summary: 'what all randomness is drawn from; the same seed, the same bytes',
        atLeast: 0,
      },
      engine,
      {
        name: 'threads',
        value: 'N',
        summary: 'how many threads of the wasm engine run a step; the same bytes for any N',
        atLeast: 0,
      },
      {
        name: 'save',
        value: 'DIR',
        summary: 'write the model into this folder, however training ended',
      },
      {
        name: 'checkpoint',
        value: 'DIR',
        summary:
          'keep the run in this folder while it trains, so that it can be gone on with after whatever ends it',
      },
      {
        name: 'every',
        value: 'N',
        summary: 'a checkpoint every N steps; default: every 60 seconds',
        atLeast: 1,
      },
      { name: 'keep', value: 'N', summary: 'how many checkpoints are kept; default 3', atLeast: 1 },
      { name: 'resume', summary: 'go on from the newest checkpoint that is whole, where there is one' },
      {
        name: 'fresh',
        summary: 'begin anew although the folder holds checkpoints; they are retired one by one',
      },
      json,
    ],
    notes: [
      'A file whose data is a live source or goes through functions of its own is loaded for that data; statements',
      'at its top level that call millrace/runtime are left out, so the file may also train when node runs it.',
      'Ctrl-C stops after the current batch, exit code 130; SIGTERM and SIGHUP do, exit code 0. The model and a last',
      'checkpoint are written then, and after a failure, too; a second signal stops at once.',
    ].join('\n'),
    load: async () => (await import('./commands/train.ts')).train,
  },
  {
    verb: 'evaluate',
    summary: 'the loss and the metrics of a saved model over data',
    files: 'optional',
    flags: [model, pipeline, input, engine, json],
    notes: [
      "With FILE the data are its pipeline's: those for validation, else those for training. Without, or with --input,",
      'rows come as JSON lines or as CSV with a header.',
    ].join('\n'),
    load: async () => (await import('./commands/evaluate.ts')).evaluate,
  },
  {
    verb: 'predict',
    summary: 'answer rows of standard input with a saved model',
    files: 'optional',
    flags: [
      model,
      pipeline,
      { name: 'program', value: 'NAME', summary: "a program of the pipeline's own; default: predict" },
      input,
      engine,
    ],
    notes: [
      'Rows come as JSON lines or as CSV with a header; answers go out as JSON lines, one a row.',
      'With FILE, the model is refused unless it was saved from the program there.',
    ].join('\n'),
    load: async () => (await import('./commands/predict.ts')).predict,
  },
  {
    verb: 'serve',
    summary: 'answer rows over HTTP: by a pipeline while it is trained, or by a saved model',
    files: 'optional',
    flags: [
      {
        name: 'port',
        value: 'N',
        summary: 'where to listen; 0 is any port that is free',
        atLeast: 0,
        required: true,
      },
      { name: 'host', value: 'H', summary: 'an address of this machine; default 127.0.0.1, itself alone' },
      { name: 'train', summary: 'train the pipeline of FILE meanwhile, and answer by what it has learned' },
      {
        name: 'model',
        value: 'DIR',
        summary:
          'answer by the model in this folder, or by its newest checkpoint, and by newer ones as they come',
      },
      pipeline,
      {
        name: 'checkpoint',
        value: 'DIR',
        summary: 'with --train: keep the run in this folder, and go on from what is there',
      },
      {
        name: 'epochs',
        value: 'N',
        summary: 'with --train: how many times to go through the data',
        atLeast: 0,
      },
      { name: 'seed', value: 'N', summary: 'with --train: what all randomness is drawn from', atLeast: 0 },
      { name: 'threads', value: 'N', summary: 'with --train: how many threads run a step', atLeast: 0 },
      engine,
    ],
    notes: [
      'POST /predict takes a row as JSON, or a list of rows; POST /run/NAME asks a program of the pipeline’s own. GET /health,',
      '/ready, /metrics (for Prometheus) and /schema tell how it is. With FILE, a model is refused unless it was saved from the',
      'program there. There is no password: let others than this machine in through a server that asks for one.',
      'Ctrl-C and SIGTERM answer what was asked, write a last checkpoint, and end with exit code 0; a second one ends at once.',
    ].join('\n'),
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  {
    verb: 'export',
    summary: 'write a saved model in a form that other programs read',
    files: 'optional',
    flags: [
      model,
      { name: 'out', value: 'DIR', summary: 'the folder to write', required: true },
      {
        name: 'format',
        value: 'FORM',
        summary: 'savedmodel (default), for TensorFlow and its servers, or safetensors',
        choices: ['savedmodel', 'safetensors'],
      },
      {
        name: 'training',
        summary: 'with savedmodel: a signature train beside serving_default, from the program in FILE',
      },
      pipeline,
    ],
    notes: 'With FILE, the model is refused unless it was saved from the program there.',
    load: async () => (await import('./commands/export.ts')).exportModel,
  },
  {
    verb: 'runs',
    summary: 'list the checkpoints in a folder, also while a run is writing them',
    files: 'one',
    operand: 'DIR',
    flags: [json],
    notes: [
      'Every byte is held to its checksum. Damaged checkpoints are named on standard error, and the exit code is 1 then.',
      'The best is the one by the metric that the run chooses by.',
    ].join('\n'),
    load: async () => (await import('./commands/runs.ts')).runs,
  },
  {
    verb: 'explain',
    summary: 'show what a diagnostic means, with an example and how to mend it',
    files: 'one',
    operand: 'CODE',
    flags: [],
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    verb: 'setup',
    summary: 'make the engine tensorflow ready: setup tensorflow',
    files: 'one',
    operand: 'ENGINE',
    flags: [],
    notes: [
      'Uses an installed @tensorflow/tfjs-node; else installs it; else takes the library out of the Python package',
      'tensorflow-cpu and builds the binding with the C++ compiler. Puts it under node_modules/.cache, or where the',
      'environment variable MILLRACE_TENSORFLOW says.',
    ].join('\n'),
    load: async () => (await import('./commands/setup.ts')).setup,
  },
  {
    verb: 'doctor',
    summary: 'show whether this machine can run the engines, and what is missing',
    files: 'none',
    flags: [json],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
];

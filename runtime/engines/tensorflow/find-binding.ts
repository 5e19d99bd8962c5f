/** Where TensorFlow's native binding lies on this machine: what setup made, or an installed tfjs-node. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { ENG604 } from '../../../compiler/diagnostics/engine.ts';
import { nowhere } from '../../../compiler/ir/span.ts';

export interface FoundBinding {
  /** The native module, `tfjs_binding.node`. */
  readonly file: string;
  /** The folder it belongs to. */
  readonly home: string;
  /** Who put it there. */
  readonly source: 'MILLRACE_TENSORFLOW' | 'setup' | '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';
  /** The version of TensorFlow, where it is written down. */
  readonly version: string | undefined;
}

/** The environment variable that names the folder to set TensorFlow up in, and to find it in. */
export const homeVariable = 'MILLRACE_TENSORFLOW';

/** The file that setup leaves when all else is in place. */
export const setupRecord = 'millrace-tensorflow.json';

/** Where setup puts TensorFlow: the folder that the environment names, or one among the project's packages. */
export function setupHome(from = process.cwd()): string {
  const named = process.env[homeVariable];
  if (named) return resolve(named);
  for (let folder = from; ; folder = dirname(folder)) {
    const packages = join(folder, 'node_modules');
    if (existsSync(packages)) return join(packages, '.cache', 'millrace', 'tensorflow');
    if (folder === dirname(folder)) return join(from, 'node_modules', '.cache', 'millrace', 'tensorflow');
  }
}

/** The binding, or undefined where there is none; whether it loads is not tried. */
export function findBinding(from = process.cwd()): FoundBinding | undefined {
  const home = setupHome(from);
  const file = bindingIn(home);
  if (file !== undefined) {
    const source = process.env[homeVariable] ? homeVariable : 'setup';
    return { file, home, source, version: recorded(home) };
  }
  // A folder that is named is the one that is meant.
  if (process.env[homeVariable]) return undefined;
  for (const name of ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'] as const) {
    const installed = packageFolder(name, from);
    const binding = installed === undefined ? undefined : bindingIn(installed);
    if (installed !== undefined && binding !== undefined)
      return { file: binding, home: installed, source: name, version: undefined };
  }
  return undefined;
}

/** The binding, or a refusal that says how to get it. */
export function requireBinding(): FoundBinding {
  return findBinding() ?? refuse(missing());
}

function missing(): ReturnType<typeof ENG604> {
  return ENG604({
    message: 'TensorFlow is not set up here',
    span: nowhere,
    expected: '@tensorflow/tfjs-node, or what millrace setup tensorflow builds',
    received: `nothing in ${setupHome()}`,
    hint: 'run: npx millrace setup tensorflow',
  });
}

/** The native module below a folder: packages keep one for each version of Node's interface. */
export function bindingIn(home: string): string | undefined {
  const library = join(home, 'lib');
  if (!existsSync(library)) return undefined;
  const built = readdirSync(library)
    .filter((folder) => /^napi-v\d+$/.test(folder))
    .sort((a, b) => Number(b.slice(6)) - Number(a.slice(6)))
    .map((folder) => join(library, folder, 'tfjs_binding.node'));
  return built.find((file) => existsSync(file));
}

function packageFolder(name: string, from: string): string | undefined {
  try {
    return dirname(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function recorded(home: string): string | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(join(home, setupRecord), 'utf8'));
    if (typeof record !== 'object' || record === null || !('tensorflow' in record)) return undefined;
    return typeof record.tensorflow === 'string' ? record.tensorflow : undefined;
  } catch {
    return undefined;
  }
}

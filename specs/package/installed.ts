/** A project outside the repository with the packed package in it, as npm would install it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../architecture/source-files.ts';
import { build } from '../cli/millrace.ts';

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Manifest {
  readonly name: string;
  readonly type?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

/** What a project has besides the package: its dependencies, and the types that a TypeScript project on Node installs. */
const beside = [...Object.keys(manifest.dependencies), '@types/node', 'undici-types'];

export interface Project {
  readonly folder: string;
  /** The files of the package, by their paths in it. */
  readonly packed: readonly string[];
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly node: (args: readonly string[]) => Answer;
  /** Runs a line for the shell, with what the project has installed on the path. */
  readonly shell: (line: string) => Answer;
  readonly remove: () => void;
}

interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

let packed: Packed | undefined;

/** The package as npm packs it, made once for all projects of this process. */
function pack(): Packed {
  if (packed) return packed;
  build();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-packed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const told = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [{ filename, files }] = JSON.parse(told.stdout) as [
    { readonly filename: string; readonly files: readonly { readonly path: string }[] },
  ];
  packed = { tarball: join(folder, filename), files: files.map(({ path }) => path) };
  return packed;
}

/**
 * Unpacks the package into an empty project and links its dependencies beside it, or what is named `instead` of them. Needs
 * no network.
 */
export function installedProject(instead: Readonly<Record<string, string>> = {}): Project {
  const { tarball, files } = pack();
  const folder = mkdtempSync(join(tmpdir(), 'millrace-project-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  run('tar', ['-xzf', tarball, '-C', modules], folder);
  renameSync(join(modules, 'package'), join(modules, manifest.name));
  for (const name of beside) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', instead[name] ?? name), join(modules, name));
  }
  mkdirSync(join(modules, '.bin'));
  for (const [name, path] of Object.entries(manifest.bin)) {
    chmodSync(join(modules, manifest.name, path), 0o755);
    symlinkSync(join('..', manifest.name, path), join(modules, '.bin', name));
  }
  symlinkSync(join(root, 'node_modules/typescript/bin/tsc'), join(modules, '.bin/tsc'));
  const write: Project['write'] = (texts) => {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  };
  write({ 'package.json': JSON.stringify({ name: 'outside', type: 'module' }) });
  return {
    folder,
    packed: files,
    write,
    node: (args) => run(process.execPath, args, folder, false),
    shell: (line) => run('bash', ['-c', line], folder, false, join(modules, '.bin')),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function run(command: string, args: readonly string[], cwd: string, must = true, path = ''): Answer {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${path}:${process.env.PATH}`, NO_COLOR: '1', CI: '1' },
    maxBuffer: 1 << 28,
  });
  if (must && status !== 0)
    throw new Error(`internal: ${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return { status, stdout, stderr };
}

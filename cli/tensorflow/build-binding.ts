/** Builds tfjs-node's binding against TensorFlow's own library, with the C++ compiler of the system. */
import { mkdir, readdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchLibrary } from './fetch-library.ts';
import { fetchPackage } from './fetch-package.ts';
import { nodeHeaders } from './node-headers.ts';
import { refuseSetup } from './refuse-setup.ts';
import { lastLines, runTool } from './run-tool.ts';

/** The last one published; its two C++ files use the C interface only, which newer libraries keep. */
export const tfjsNode = '@tensorflow/tfjs-node@4.22.0';

/** Leaves `lib` and `deps` in `home`, as the package would have them; gives TensorFlow's version. */
export async function buildBinding(
  home: string,
  scratch: string,
  tell: (line: string) => void,
): Promise<string> {
  const compiler = await findCompiler();
  tell(`fetching the sources of ${tfjsNode}`);
  const sources = await fetchPackage(tfjsNode, scratch, 'tfjs-node');
  const headers = await nodeHeaders(scratch);
  const library = await fetchLibrary(scratch, tell);
  const linked = await placeLibraries(library.folder, home);
  tell(`compiling the binding with ${compiler}`);
  const output = join(home, 'lib', 'napi-v8');
  await mkdir(output, { recursive: true });
  const origin = process.platform === 'darwin' ? '@loader_path' : '$ORIGIN';
  const flags = [
    ...['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
    ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
    ...[headers, join(library.folder, 'tensorflow', 'include'), join(sources, '..')].map((at) => `-I${at}`),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(sources, 'binding', file)),
    `-L${linked}`,
    ...['-ltensorflow', '-ltensorflow_framework', `-Wl,-rpath,${origin}/../../deps/lib`],
    ...['-o', join(output, 'tfjs_binding.node')],
  ];
  const compiled = await runTool(compiler, flags);
  if (compiled.status === 0) return library.version;
  return refuseSetup(
    `${compiler} could not compile the binding`,
    'a compiler of C++17 and its standard library',
    lastLines(compiled, 6),
    'install the tools that Node builds native modules with, such as build-essential',
  );
}

/** Puts the libraries where the binding looks for them, under their own names and those that the linker asks for. */
async function placeLibraries(folder: string, home: string): Promise<string> {
  const target = join(home, 'deps', 'lib');
  await mkdir(target, { recursive: true });
  const from = join(folder, 'tensorflow');
  const files = (await readdir(from)).filter((file) => file.startsWith('libtensorflow_'));
  const ending = process.platform === 'darwin' ? 'dylib' : 'so';
  for (const [part, plain] of [
    ['libtensorflow_cc', 'libtensorflow'],
    ['libtensorflow_framework', 'libtensorflow_framework'],
  ] as const) {
    const file = files.find((each) => each.startsWith(`${part}.`));
    if (file === undefined) {
      return refuseSetup(
        `the wheel holds no ${part}`,
        'a wheel of TensorFlow 2.12 or newer',
        files.join(', ') || 'no library at all',
        'update Python, so that pip finds a newer TensorFlow',
      );
    }
    await rename(join(from, file), join(target, file));
    await symlink(file, join(target, `${plain}.${ending}`));
  }
  return target;
}

async function findCompiler(): Promise<string> {
  const { CXX } = process.env;
  for (const compiler of [...(CXX ? [CXX] : []), 'g++', 'c++', 'clang++']) {
    const { status } = await runTool(compiler, ['--version'], { minutes: 1 });
    if (status === 0) return compiler;
  }
  return refuseSetup(
    'there is no C++ compiler',
    'g++ or clang++ in the PATH, or named by CXX',
    'none',
    'install one, such as apt-get install g++, or install @tensorflow/tfjs-node, and run this again',
  );
}

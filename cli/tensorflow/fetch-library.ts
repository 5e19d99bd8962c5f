/** TensorFlow's C library and headers, out of the wheel that is published for Python. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseSetup } from './refuse-setup.ts';
import type { Ran } from './run-tool.ts';
import { lastLines, runTool } from './run-tool.ts';

export interface Library {
  /** The folder that holds `tensorflow/`. */
  readonly folder: string;
  readonly version: string;
}

/** The build without a GPU's libraries is a third of the size; not every system has one. */
const packages = ['tensorflow-cpu', 'tensorflow'];

/** Takes out what is needed, a wheel being a zip: the two libraries, and the headers of the C interface. */
const unzip = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
heads = tuple('tensorflow/include/' + head for head in
  ('tensorflow/c/', 'xla/tsl/c/', 'tsl/', 'tensorflow/core/platform/', 'tensorflow/tsl/'))
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(heads)
  or (name.startswith('tensorflow/libtensorflow_') and ('.so' in name or '.dylib' in name))])
`;

export async function fetchLibrary(scratch: string, tell: (line: string) => void): Promise<Library> {
  const python = await findPython();
  const wheels = join(scratch, 'wheel');
  let failure: Ran | undefined;
  for (const name of packages) {
    await rm(wheels, { recursive: true, force: true });
    await mkdir(wheels, { recursive: true });
    tell(`fetching the library from the Python package ${name} (some 270 MB)`);
    const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--dest', wheels, name];
    const fetched = await runTool(python, [...args, '--disable-pip-version-check', '--quiet']);
    const wheel = (await readdir(wheels)).find((file) => file.endsWith('.whl'));
    if (fetched.status !== 0 || wheel === undefined) {
      failure = fetched;
      continue;
    }
    tell('unpacking it');
    const folder = join(scratch, 'library');
    const unpacked = await runTool(python, ['-c', unzip, join(wheels, wheel), folder]);
    await rm(wheels, { recursive: true });
    if (unpacked.status === 0) return { folder, version: wheel.split('-')[1]! };
    failure = unpacked;
  }
  return refuseSetup(
    'no Python package holds a library for this system',
    'a package tensorflow-cpu or tensorflow for this Python',
    failure ? lastLines(failure) : 'nothing',
    `try: ${python} -m pip download --no-deps tensorflow-cpu`,
  );
}

/** A Python with pip; nothing is installed into it. */
async function findPython(): Promise<string> {
  for (const python of ['python3', 'python', 'py']) {
    const { status } = await runTool(python, ['-m', 'pip', '--version'], { minutes: 1 });
    if (status === 0) return python;
  }
  return refuseSetup(
    'there is no Python with pip, which fetches the library',
    'python3 with pip, in the PATH',
    'neither python3 nor python has it',
    'install Python 3 and pip, or install @tensorflow/tfjs-node, and run this again',
  );
}

/** Sets TensorFlow up for this project: what works already, else tfjs-node's installation, else its library and a build. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FoundBinding } from '../../runtime/engines/tensorflow/find-binding.ts';
import {
  bindingIn,
  findBinding,
  setupHome,
  setupRecord,
} from '../../runtime/engines/tensorflow/find-binding.ts';
import { buildBinding } from './build-binding.ts';
import { installTfjs } from './install-tfjs.ts';
import { probeBinding } from './probe-binding.ts';
import { refuseSetup } from './refuse-setup.ts';

export interface SetUp {
  readonly binding: FoundBinding;
  readonly version: string;
}

/** Safe to run again, also after it was broken off: nothing is put in place before it works. */
export async function setUp(tell: (line: string) => void): Promise<SetUp> {
  const before = findBinding();
  if (before) {
    const probed = await probeBinding(before.file);
    if (probed.works) return { binding: before, version: probed.version };
    tell(`what is in ${before.home} does not load: ${probed.why}`);
  }
  const home = setupHome();
  const fresh = `${home}.new`;
  const scratch = join(dirname(home), 'tensorflow.scratch');
  for (const folder of [fresh, scratch]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  }
  try {
    await fill(fresh, scratch, tell);
    await rm(home, { recursive: true, force: true });
    await rename(fresh, home);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
  const binding = findBinding();
  const probed = binding && (await probeBinding(binding.file));
  if (binding && probed?.works) return { binding, version: probed.version };
  throw new Error('internal: what was tried and put in place does not load');
}

async function fill(fresh: string, scratch: string, tell: (line: string) => void): Promise<void> {
  tell('installing @tensorflow/tfjs-node');
  const installed = await installTfjs(fresh, scratch);
  let source = 'tfjs-node';
  let version: string;
  if ('version' in installed) version = installed.version;
  else {
    tell(`its own installation did not succeed (${installed.why}); its binding is built here`);
    source = 'wheel';
    version = await buildBinding(fresh, scratch, tell);
  }
  const probed = await probeBinding(bindingIn(fresh)!);
  if (!probed.works) {
    refuseSetup(
      'the binding was built and does not load',
      'a native module for this system',
      probed.why,
      'see millrace doctor; a newer C++ runtime, or another Python version for pip, may help',
    );
  }
  await writeFile(join(fresh, setupRecord), `${JSON.stringify({ source, tensorflow: version })}\n`);
}

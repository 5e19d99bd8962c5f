/** tfjs-node by its own installation, which fetches a library that was built for it. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bindingIn } from '../../runtime/engines/tensorflow/find-binding.ts';
import { tfjsNode } from './build-binding.ts';
import { npm } from './fetch-package.ts';
import { probeBinding } from './probe-binding.ts';
import { lastLines, runTool } from './run-tool.ts';

/** Leaves `lib` and `deps` in `home`; gives TensorFlow's version, or why it did not come about. */
export async function installTfjs(
  home: string,
  scratch: string,
): Promise<{ readonly version: string } | { readonly why: string }> {
  const folder = join(scratch, 'npm');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', tfjsNode, '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = await runTool(npm, args, { folder, minutes: 10 });
  const own = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  const binding = bindingIn(own);
  if (binding === undefined) return { why: lastLines(installed, 1) };
  const probed = await probeBinding(binding);
  if (!probed.works) return { why: probed.why };
  for (const part of ['lib', 'deps']) await rename(join(own, part), join(home, part));
  return { version: probed.version };
}

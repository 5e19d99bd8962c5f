/** `millrace doctor [--json]`: what this machine has of what the engines need. */

import { findBinding, setupHome } from '../../runtime/engines/tensorflow/find-binding.ts';
import { webAssembly } from '../../runtime/engines/wasm/webassembly.ts';
import type { Command } from '../command.ts';
import { print } from '../output.ts';
import { probeBinding } from '../tensorflow/probe-binding.ts';

interface Finding {
  readonly name: string;
  readonly found: boolean;
  readonly detail: string;
}

export const doctor: Command['run'] = async ({ flags }) => {
  const findings = [...hostFindings(), await tensorflowFinding()];
  if (flags.json) for (const finding of findings) print(JSON.stringify(finding));
  else {
    const width = Math.max(...findings.map(({ name }) => name.length));
    for (const { name, found, detail } of findings)
      print(`${found ? '✓' : '✗'} ${name.padEnd(width)}  ${detail}`);
  }
  return 0;
};

/** Bodies of () → () that a host without the feature does not take, in a module of one function. */
const features = {
  'WebAssembly SIMD': { body: [0x41, 0, 0xfd, 0x0f, 0x1a], without: 'the engine wasm cannot run' },
  'WebAssembly relaxed SIMD': {
    body: [0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x80, 0x02, 0x1a],
    without: 'nothing is missed unless it is asked for',
  },
} as const;

function hostFindings(): Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = major > 20 || (major === 20 && minor >= 19);
  return [
    {
      name: 'Node',
      found: supported,
      detail: `${process.version} on ${process.platform} ${process.arch}${supported ? '' : ', 20.19 or newer is needed'}`,
    },
    ...Object.entries(features).map(([name, { body, without }]): Finding => {
      const found = webAssembly?.validate(moduleOf(body)) ?? false;
      return { name, found, detail: found ? 'there' : without };
    }),
    threads(),
  ];
}

function threads(): Finding {
  let found = false;
  try {
    found =
      webAssembly !== undefined &&
      new webAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {}
  return {
    name: 'WebAssembly threads',
    found,
    detail: found ? 'there' : 'the engine wasm runs on one thread',
  };
}

/** The smallest module around a function's body. */
function moduleOf(body: readonly number[]): Uint8Array {
  const size = body.length + 2;
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const type = [1, 4, 1, 0x60, 0, 0];
  const functions = [3, 2, 1, 0];
  return Uint8Array.from([...header, ...type, ...functions, 10, size + 2, 1, size, 0, ...body, 0x0b]);
}

async function tensorflowFinding(): Promise<Finding> {
  const name = 'TensorFlow';
  const binding = findBinding();
  if (!binding) {
    const detail = `none; millrace setup tensorflow puts it in ${setupHome()}`;
    return { name, found: false, detail };
  }
  const from = { setup: 'set up by millrace' }[binding.source as 'setup'] ?? `by ${binding.source}`;
  const probed = await probeBinding(binding.file);
  return probed.works
    ? { name, found: true, detail: `${probed.version}, ${from}, in ${binding.home}` }
    : { name, found: false, detail: `in ${binding.home}, ${from}, does not load: ${probed.why}` };
}

/** What the WebAssembly engine needs of its host, refused in words where the host lacks it. */
import { relaxedProbe } from '../../../compiler/6-emit/wasm/index.ts';
import { refuse } from '../../../compiler/diagnostics/diagnostic.ts';
import { ENG601, ENG602 } from '../../../compiler/diagnostics/engine.ts';
import { nowhere } from '../../../compiler/ir/span.ts';
import type { Memory } from './webassembly.ts';
import { webAssembly } from './webassembly.ts';

/** The smallest module that uses a vector: () → i8x16.splat(0), dropped. */
const probe = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  4,
  1,
  96,
  0,
  0,
  3,
  2,
  1,
  0,
  10,
  9,
  1,
  7,
  0,
  65,
  0,
  253,
  15,
  26,
  11,
);

const pageBytes = 64 * 1024;
const mostPages = 65_536;

/** Refuses with ENG601 on a host without WebAssembly SIMD. */
export function requireSimd(): void {
  if (webAssembly?.validate(probe)) return;
  refuse(
    ENG601({
      message: 'the wasm engine needs WebAssembly with SIMD, which this host does not have',
      span: nowhere,
      expected: 'Node 20.19 or newer on a processor with SSE4.1 or NEON',
      received: `${process.release?.name ?? 'an unknown host'} ${process.version ?? ''}`,
      hint: "run with engine: 'reference', which needs no WebAssembly and is slow",
    }),
  );
}

/** Whether the host can multiply and add in one step. */
export function hasRelaxedSimd(): boolean {
  return webAssembly?.validate(relaxedProbe()) === true;
}

/** Memory of at least so many bytes, for one thread or shared by several; refuses with ENG602 where there cannot be as much. */
export function allocate(bytes: number, program: string, isShared = false): Memory {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    if (webAssembly && pages <= mostPages)
      return new webAssembly.Memory({ initial: pages, maximum: pages, shared: isShared });
  } catch {
    // A RangeError: the host refuses to reserve as much. It is reported below.
  }
  return refuse(
    ENG602({
      message: `${program} needs ${(bytes / 2 ** 20).toFixed(0)} MiB of WebAssembly memory`,
      span: nowhere,
      expected: `at most ${(mostPages * pageBytes) / 2 ** 20} MiB, and as much free memory`,
      received: `${(bytes / 2 ** 20).toFixed(0)} MiB`,
      hint: 'use smaller batches or a smaller model',
    }),
  );
}

/** Where a session's modules come from: the disk, where they were kept; else the emitter. */
import type { EmitOptions } from '../../../compiler/6-emit/wasm/index.ts';
import { emit, identityOf } from '../../../compiler/6-emit/wasm/index.ts';
import type { CompiledProgram } from '../../../compiler/compiled.ts';
import { cacheFolder } from './cache-folder.ts';
import { hasRelaxedSimd } from './host.ts';
import { ModuleCache } from './module-cache.ts';
import type { WasmOptions } from './options.ts';

export class ModuleSource {
  readonly #cache: ModuleCache | undefined;
  readonly #relaxedSimd: boolean;

  constructor({ cache, relaxedSimd }: WasmOptions) {
    const folder = cacheFolder(cache);
    this.#cache = folder === undefined ? undefined : new ModuleCache(folder);
    this.#relaxedSimd = relaxedSimd === true && hasRelaxedSimd();
  }

  /** The program's module; `divideFrom` is for several threads. */
  bytesOf({ plan, module }: CompiledProgram, { divideFrom }: EmitOptions = {}): Uint8Array {
    const isPlain = divideFrom === undefined && !this.#relaxedSimd;
    const options = { ...(divideFrom !== undefined && { divideFrom }), relaxedSimd: this.#relaxedSimd };
    // A compiled program keeps its plain module for all sessions.
    const make = isPlain ? module : () => emit(plan, options);
    return this.#cache ? this.#cache.get(identityOf(plan, options), make) : make();
  }
}

/** Where a session's modules come from: the disk, where they were kept; else the emitter. */

import type { Plan } from '../../../compiler/5-plan/plan.ts';
import type { EmitOptions } from '../../../compiler/6-emit/wasm/index.ts';
import { emit, identityOf } from '../../../compiler/6-emit/wasm/index.ts';
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

  /** The plan's module; `divideFrom` is for several threads. */
  bytesOf(plan: Plan, { divideFrom }: EmitOptions = {}): Uint8Array {
    const options = { ...(divideFrom !== undefined && { divideFrom }), relaxedSimd: this.#relaxedSimd };
    const make = (): Uint8Array => emit(plan, options);
    return this.#cache ? this.#cache.get(identityOf(plan, options), make) : make();
  }
}

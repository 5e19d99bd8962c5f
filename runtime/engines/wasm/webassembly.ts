/** The part of the host's WebAssembly that the engine uses; the types of Node do not declare it. */

export interface Memory {
  readonly buffer: ArrayBufferLike;
}

interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Api {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => Instance;
  Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared?: boolean;
  }) => Memory;
}

// The one cast past the missing declaration; absent where the host has no WebAssembly at all.
export const webAssembly = (globalThis as { readonly WebAssembly?: Api }).WebAssembly;

/** Compiles a module; call only where the host has WebAssembly. */
export function compileModule(bytes: Uint8Array): object {
  if (!webAssembly) throw new Error('internal: a module without WebAssembly');
  return new webAssembly.Module(bytes);
}

/** Starts a module; gives what it exports. */
export function instantiate(module: object, env: Readonly<Record<string, unknown>>): Instance['exports'] {
  if (!webAssembly) throw new Error('internal: an instance without WebAssembly');
  return new webAssembly.Instance(module, { env }).exports;
}

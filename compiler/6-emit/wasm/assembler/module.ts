/** A WebAssembly module under construction: imports, functions, exports, data, and names for debuggers. */
import type { ByteList } from './encoding.ts';
import * as encode from './encoding.ts';
import type { Signature } from './function.ts';
import { type FunctionBody, valueTypeCode } from './function.ts';
import type { ValueType } from './instructions.ts';

/** A function of the module, by its place. */
export interface FunctionRef {
  readonly index: number;
  readonly signature: Signature;
}

interface Defined {
  readonly type: number;
  readonly code: ByteList;
  readonly name: string;
}

/** Shared memory names the most pages it may have; this is what 32 bits can address. */
const mostPages = 65_536;

export class ModuleBuilder {
  readonly #types: Signature[] = [];
  readonly #functions: Defined[] = [];
  readonly #globals: { readonly name: string; readonly type: ValueType }[] = [];
  readonly #exports: { readonly name: string; readonly index: number }[] = [];
  readonly #data: Uint8Array[] = [];
  /** By a hash of their code: those that are there already. */
  readonly #byHash = new Map<number, FunctionRef[]>();
  #start: number | undefined;

  /** An immutable global, imported as `env.NAME`. */
  importGlobal(name: string, type: ValueType): number {
    return this.#globals.push({ name, type }) - 1;
  }

  /** Adds a function; one with the same code as an earlier one is that function. */
  add(name: string, body: FunctionBody): FunctionRef {
    const type = this.#type(body.signature);
    const code = body.finish();
    const hash = encode.hash(code);
    const alike = this.#byHash.get(hash) ?? [];
    const known = alike.find(({ index }) => {
      const defined = this.#functions[index]!;
      return defined.type === type && encode.sameBytes(defined.code, code);
    });
    if (known) return known;
    const index = this.#functions.push({ type, code, name }) - 1;
    const ref = { index, signature: body.signature };
    this.#byHash.set(hash, [...alike, ref]);
    return ref;
  }

  export(name: string, { index }: FunctionRef): void {
    this.#exports.push({ name, index });
  }

  /** Runs when the module is instantiated. */
  startWith({ index }: FunctionRef): void {
    this.#start = index;
  }

  /** Bytes that code can copy into memory; gives the segment's number. */
  data(bytes: Uint8Array): number {
    return this.#data.push(bytes) - 1;
  }

  /** The module's bytes; it imports `env.memory` of at least `pages` pages of 64 KiB, shared with threads or not. */
  finish(moduleName: string, pages: number, isShared = false): Uint8Array {
    const out: ByteList = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
    encode.section(out, 1, (to) =>
      encode.list(to, this.#types, (bytes, { takes, gives }) => {
        bytes.push(0x60);
        for (const side of [takes, gives]) encode.list(bytes, side, (b, type) => b.push(valueTypeCode(type)));
      }),
    );
    encode.section(out, 2, (to) => this.#imports(to, pages, isShared));
    encode.section(out, 3, (to) =>
      encode.list(to, this.#functions, (bytes, { type }) => encode.unsigned(bytes, type)),
    );
    encode.section(out, 7, (to) =>
      encode.list(to, this.#exports, (bytes, { name, index }) => {
        encode.name(bytes, name);
        bytes.push(0x00);
        encode.unsigned(bytes, index);
      }),
    );
    if (this.#start !== undefined) encode.section(out, 8, (to) => encode.unsigned(to, this.#start!));
    if (this.#data.length > 0) encode.section(out, 12, (to) => encode.unsigned(to, this.#data.length));
    encode.section(out, 10, (to) =>
      encode.list(to, this.#functions, (bytes, { code }) => encode.sized(bytes, code)),
    );
    if (this.#data.length > 0) {
      encode.section(out, 11, (to) =>
        encode.list(to, this.#data, (bytes, content) => {
          bytes.push(0x01);
          encode.sized(bytes, content);
        }),
      );
    }
    encode.section(out, 0, (to) => this.#names(to, moduleName));
    return Uint8Array.from(out);
  }

  #type(signature: Signature): number {
    const same = (type: Signature): boolean =>
      type.takes.join() === signature.takes.join() && type.gives.join() === signature.gives.join();
    const known = this.#types.findIndex(same);
    return known >= 0 ? known : this.#types.push(signature) - 1;
  }

  #imports(to: ByteList, pages: number, isShared: boolean): void {
    encode.unsigned(to, 1 + this.#globals.length);
    encode.name(to, 'env');
    encode.name(to, 'memory');
    to.push(0x02, isShared ? 0x03 : 0x00);
    encode.unsigned(to, pages);
    if (isShared) encode.unsigned(to, mostPages);
    for (const { name, type } of this.#globals) {
      encode.name(to, 'env');
      encode.name(to, name);
      to.push(0x03, valueTypeCode(type), 0x00);
    }
  }

  #names(to: ByteList, moduleName: string): void {
    encode.name(to, 'name');
    encode.section(to, 0, (bytes) => encode.name(bytes, moduleName));
    encode.section(to, 1, (bytes) =>
      encode.list(bytes, [...this.#functions.entries()], (entry, [index, defined]) => {
        encode.unsigned(entry, index);
        encode.name(entry, defined.name);
      }),
    );
  }
}

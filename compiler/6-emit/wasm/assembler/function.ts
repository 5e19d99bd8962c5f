/** The body of one WebAssembly function; the types on the stack are checked while it is written. */
import type { ByteList } from './encoding.ts';
import * as encode from './encoding.ts';
import type { InstructionName, ValueType } from './instructions.ts';
import { instructions } from './instructions.ts';

export interface Signature {
  readonly takes: readonly ValueType[];
  readonly gives: readonly ValueType[];
}

/** A parameter or local variable of the function it was made by. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** A block or loop that is being written; branches name it. */
export interface Label {
  readonly depth: number;
}

const typeCode: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
export const valueTypeCode = (type: ValueType): number => typeCode[type];

const mnemonics: Readonly<Record<string, number>> = { block: 0x02, loop: 0x03, if: 0x04 };

/** Where an instruction reads or writes beyond the address on the stack, and which lane. */
export interface Where {
  /** Bytes added to the address; not negative. */
  readonly offset?: number;
  readonly lane?: number;
}

export class FunctionBody {
  readonly signature: Signature;
  readonly params: readonly Local[];
  #code: ByteList = [];
  #stack: ValueType[] = [];
  /** How high the stack stood where each open block began: what lies below is out of its reach. */
  #floors: number[] = [];
  /** Runs before all else: values that the whole function shares. */
  readonly #entry: ByteList = [];
  readonly #locals: Local[] = [];
  readonly #free: Record<ValueType, Local[]> = { i32: [], f32: [], v128: [] };

  constructor(signature: Signature) {
    this.signature = signature;
    this.params = signature.takes.map((type, index) => ({ index, type }));
  }

  /** A fresh local variable, zero at entry unless `release` has handed it back before. */
  local(type: ValueType): Local {
    const reused = this.#free[type].pop();
    if (reused) return reused;
    const made = { index: this.params.length + this.#locals.length, type };
    this.#locals.push(made);
    return made;
  }

  /** A local that holds, from the function's start on, the value that `write` leaves on the stack. */
  atEntry(type: ValueType, write: () => void): Local {
    const held = { index: this.params.length + this.#locals.length, type };
    this.#locals.push(held);
    const { code, stack, floors } = { code: this.#code, stack: this.#stack, floors: this.#floors };
    this.#code = this.#entry;
    this.#stack = [];
    this.#floors = [];
    write();
    this.set(held);
    this.#code = code;
    this.#stack = stack;
    this.#floors = floors;
    return held;
  }

  /** Says that a local is not needed any more. */
  release(local: Local): void {
    this.#free[local.type].push(local);
  }

  get(local: Local): void {
    this.#code.push(0x20);
    encode.unsigned(this.#code, local.index);
    this.#stack.push(local.type);
  }

  set(local: Local): void {
    this.#pop(local.type, 'local.set');
    this.#code.push(0x21);
    encode.unsigned(this.#code, local.index);
  }

  tee(local: Local): void {
    this.#pop(local.type, 'local.tee');
    this.#code.push(0x22);
    encode.unsigned(this.#code, local.index);
    this.#stack.push(local.type);
  }

  i32(value: number): void {
    this.#code.push(0x41);
    encode.signed(this.#code, value);
    this.#stack.push('i32');
  }

  f32(value: number): void {
    this.#code.push(0x43);
    encode.float(this.#code, value);
    this.#stack.push('f32');
  }

  /** Four 32-bit words. */
  v128(words: readonly number[]): void {
    if (words.length !== 4) throw new Error('internal: a vector constant has four words');
    this.#code.push(0xfd, 0x0c);
    for (const value of words) encode.word(this.#code, value);
    this.#stack.push('v128');
  }

  /** Any instruction of the table. Shuffles go through `shuffle`. */
  op(name: InstructionName, where: Where = {}): void {
    const { code, takes, gives, immediate, width } = instructions[name];
    for (let i = takes.length - 1; i >= 0; i--) this.#pop(takes[i]!, name);
    encode.append(this.#code, code);
    if (immediate === 'memory' || immediate === 'memoryLane') {
      const offset = where.offset ?? 0;
      if (offset < 0 || !Number.isInteger(offset)) throw new Error(`internal: ${name} at offset ${offset}`);
      // Alignment is a hint, in powers of two; a word is all that every address here promises.
      encode.unsigned(this.#code, Math.min(2, Math.log2(width)));
      encode.unsigned(this.#code, offset);
    }
    if (immediate === 'lane' || immediate === 'memoryLane') {
      const lanes = immediate === 'lane' ? 4 : 16 / width;
      if (where.lane === undefined || where.lane >= lanes)
        throw new Error(`internal: ${name} at lane ${where.lane}`);
      this.#code.push(where.lane);
    }
    if (immediate === 'shuffle') throw new Error('internal: a shuffle without its lanes');
    this.#stack.push(...gives);
  }

  /** Four words out of the eight of two vectors. */
  shuffle(words: readonly number[]): void {
    if (words.length !== 4 || words.some((at) => at < 0 || at > 7))
      throw new Error('internal: a shuffle of four words of eight');
    this.#pop('v128', 'i8x16.shuffle');
    this.#pop('v128', 'i8x16.shuffle');
    encode.append(this.#code, instructions['i8x16.shuffle'].code);
    for (const at of words) for (let byte = 0; byte < 4; byte++) this.#code.push(at * 4 + byte);
    this.#stack.push('v128');
  }

  /** One of the two values below the condition: the lower if it is not zero. */
  select(): void {
    this.#pop('i32', 'select');
    const type = this.#stack.at(-1);
    if (type === undefined || type === 'v128') throw new Error('internal: select of numbers');
    this.#pop(type, 'select');
    this.#pop(type, 'select');
    this.#code.push(0x1b);
    this.#stack.push(type);
  }

  block(body: (label: Label) => void): void {
    this.#nested('block', body);
  }

  loop(body: (label: Label) => void): void {
    this.#nested('loop', body);
  }

  /** Takes an i32; runs `body` when it is not zero. */
  if(body: (label: Label) => void): void {
    this.#pop('i32', 'if');
    this.#nested('if', body);
  }

  /** Takes an i32; leaves the block, or repeats the loop, when it is not zero. */
  branchIf(label: Label): void {
    this.#pop('i32', 'br_if');
    this.#code.push(0x0d);
    encode.unsigned(this.#code, this.#floors.length - 1 - label.depth);
  }

  call(index: number, { takes, gives }: Signature): void {
    for (let i = takes.length - 1; i >= 0; i--) this.#pop(takes[i]!, 'call');
    this.#code.push(0x10);
    encode.unsigned(this.#code, index);
    this.#stack.push(...gives);
  }

  /** The value of an imported global of the module. */
  global(index: number, type: ValueType): void {
    this.#code.push(0x23);
    encode.unsigned(this.#code, index);
    this.#stack.push(type);
  }

  /** Takes where in memory, where in the segment, and how many bytes: copies them. */
  initialise(segment: number): void {
    for (let i = 0; i < 3; i++) this.#pop('i32', 'memory.init');
    this.#code.push(0xfc, 0x08);
    encode.unsigned(this.#code, segment);
    encode.unsigned(this.#code, 0);
  }

  /** Takes an address and what the word there must hold: sleeps until notified, if it does; gives how it woke. */
  waitForever(offset: number): void {
    for (let i = 0; i < 2; i++) this.#pop('i32', 'memory.atomic.wait32');
    // i64.const −1: no time limit.
    this.#code.push(0x42, 0x7f, 0xfe, 0x01, 0x02);
    encode.unsigned(this.#code, offset);
    this.#stack.push('i32');
  }

  /** The code section's entry for this function. */
  finish(): ByteList {
    if (this.#floors.length > 0) throw new Error('internal: a block is still open');
    const left = this.#stack.join(' ');
    if (left !== this.signature.gives.join(' '))
      throw new Error(`internal: the function leaves ${left || 'nothing'}`);
    const out: ByteList = [];
    const runs: { type: ValueType; count: number }[] = [];
    for (const { type } of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    encode.list(out, runs, (bytes, { type, count }) => {
      encode.unsigned(bytes, count);
      bytes.push(typeCode[type]);
    });
    encode.append(out, this.#entry);
    encode.append(out, this.#code);
    out.push(0x0b);
    return out;
  }

  #pop(type: ValueType, by: string): void {
    const floor = this.#floors.at(-1) ?? 0;
    const top = this.#stack.length > floor ? this.#stack.pop() : undefined;
    if (top !== type) throw new Error(`internal: ${by} takes ${type}, the stack holds ${top ?? 'nothing'}`);
  }

  #nested(kind: 'block' | 'loop' | 'if', body: (label: Label) => void): void {
    this.#code.push(mnemonics[kind]!, 0x40);
    this.#floors.push(this.#stack.length);
    body({ depth: this.#floors.length - 1 });
    const floor = this.#floors.pop();
    if (this.#stack.length !== floor) throw new Error(`internal: a ${kind} leaves values behind`);
    this.#code.push(0x0b);
  }
}

/** Emits a kernel's values: each once, as far out as the loops it depends on allow, on one lane or on vectors. */
import type { Scalar } from '../../../op/scalar.ts';
import { bitsOfFloat } from '../assembler/encoding.ts';
import type { FunctionBody, Local } from '../assembler/function.ts';
import type { Form } from '../scalar/operation.ts';
import { emitOperation, valueType } from '../scalar/operation.ts';
import type { KernelValues, Place } from '../scalar/values.ts';
import type { Displacement, Walker, Walkers } from './addresses.ts';
import type { Placement } from './placement.ts';
import { known, type Sizes } from './sizes.ts';

interface Held {
  lane?: Local;
  splat?: Local;
  readonly parts: (Local | undefined)[];
}

export interface EmitterParts {
  readonly f: FunctionBody;
  readonly sizes: Sizes;
  readonly walkers: Walkers;
  readonly values: KernelValues;
  /** Where each region starts. */
  readonly baseOf: (region: number) => Local;
  readonly placement: Placement;
}

export class Emitter {
  readonly #parts: EmitterParts;
  readonly #f: FunctionBody;
  readonly #held = new Map<Scalar, Held>();
  readonly #constants = new Map<string, Local>();
  readonly #scopes: (() => void)[][] = [[]];
  /** Added to every address: iterations of loops that are written out instead of run. */
  displaced: readonly Displacement[] = [];

  constructor(parts: EmitterParts) {
    this.#parts = parts;
    this.#f = parts.f;
  }

  // --- scopes ------------------------------------------------------------------------------------------------

  /** Values computed from here on are forgotten when `body` is done: a loop goes on, or a branch is taken. */
  scope(body: () => void): void {
    this.#scopes.push([]);
    body();
    for (const forget of this.#scopes.pop()!.reverse()) forget();
  }

  /** Computes what a stage needs at this level in deeper loops. */
  hoist(stage: number, level: number, parts: number): void {
    for (const hoisted of this.#parts.placement.hoisted[stage]!) {
      if (hoisted.level !== level || hoisted.value.op === 'constant') continue;
      const count = this.#varies(hoisted.value) ? parts : 1;
      for (let part = 0; part < count; part++) this.ready(hoisted.value, hoisted.form, part);
    }
  }

  /** Makes the value lie in a local. */
  ready(value: Scalar, form: Form, part: number): Local {
    const found = this.#find(value, form, part);
    if (found) return found;
    this.#compute(value, form, part);
    const local = this.#keep(value, form, part);
    this.#f.set(local);
    return local;
  }

  /** Says where a value lies that is computed elsewhere: a fold, an accumulator. */
  bind(value: Scalar, part: number, local: Local): void {
    const held = this.#heldOf(value);
    if (local.type === 'v128') held.parts[part] = local;
    else held.lane = local;
    this.#scopes.at(-1)!.push(() => {
      if (local.type === 'v128') held.parts[part] = undefined;
      else delete held.lane;
    });
  }

  #varies(value: Scalar): boolean {
    return this.#parts.placement.varies(value);
  }

  #heldOf(value: Scalar): Held {
    let held = this.#held.get(value);
    if (!held) {
      held = { parts: [] };
      this.#held.set(value, held);
    }
    return held;
  }

  #find(value: Scalar, form: Form, part: number): Local | undefined {
    const held = this.#held.get(value);
    if (!held) return undefined;
    if (form === 'lane') return held.lane;
    return this.#varies(value) ? held.parts[part] : held.splat;
  }

  #keep(value: Scalar, form: Form, part: number): Local {
    const local = this.#f.local(valueType(value, form));
    const held = this.#heldOf(value);
    const varies = this.#varies(value);
    if (form === 'lane') held.lane = local;
    else if (varies) held.parts[part] = local;
    else held.splat = local;
    this.#scopes.at(-1)!.push(() => {
      if (form === 'lane') delete held.lane;
      else if (varies) held.parts[part] = undefined;
      else delete held.splat;
      this.#f.release(local);
    });
    return local;
  }

  // --- values ------------------------------------------------------------------------------------------------

  /** Puts the value on the stack. Parts number the vectors that one iteration of the vector loop handles. */
  push(value: Scalar, form: Form, part: number): void {
    const found = this.#find(value, form, part);
    if (found) {
      this.#f.get(found);
      return;
    }
    this.#compute(value, form, part);
    if (value.op !== 'constant' && this.#parts.placement.isShared(value))
      this.#f.tee(this.#keep(value, form, part));
  }

  #compute(value: Scalar, form: Form, part: number): void {
    if (value.op === 'constant') this.#constant(value, form);
    else if (form === 'vector' && !this.#varies(value)) this.#splat(value);
    else if (value.op === 'read') this.#source(value, form, part);
    else emitOperation(this.#f, value, form, (argument) => this.push(value.args[argument]!, form, part));
  }

  #splat(value: Scalar): void {
    this.push(value, 'lane', 0);
    if (value.type === 'mask') {
      // The truth of a lane is 1, of a vector all bits.
      this.#f.i32(-1);
      this.#f.op('i32.mul');
    }
    this.#f.op(value.type === 'f32' ? 'f32x4.splat' : 'i32x4.splat');
  }

  #constant(value: Scalar, form: Form): void {
    const number = value.value!;
    if (form === 'lane') {
      if (value.type === 'f32') this.#f.f32(number);
      else this.#f.i32(number);
      return;
    }
    const word = value.type === 'f32' ? bitsOfFloat(number) : value.type === 'mask' ? -number : number;
    this.words([word, word, word, word]);
  }

  /** A constant vector; but for zero it lies in a local, as it takes the machine several instructions to make. */
  words(words: readonly number[]): void {
    if (words.every((word) => word === 0)) {
      this.#f.v128(words);
      return;
    }
    const key = words.join();
    let local = this.#constants.get(key);
    if (!local) {
      local = this.#f.atEntry('v128', () => this.#f.v128(words));
      this.#constants.set(key, local);
    }
    this.#f.get(local);
  }

  #source(value: Scalar, form: Form, part: number): void {
    const source = this.#parts.values.source(value);
    switch (source.kind) {
      case 'dimension':
        this.#parts.sizes.push(source.size);
        break;
      case 'index':
        this.#index(source.strides, source.offset, form, part);
        break;
      case 'read':
        if (form === 'vector') this.#loadVector(source.place, part);
        else
          this.#f.op(value.type === 'f32' ? 'f32.load' : 'i32.load', {
            offset: this.address(source.place, 0),
          });
        break;
      default:
        throw new Error(`internal: a ${source.kind} that was not bound`);
    }
  }

  #index(strides: Place['strides'], offset: number, form: Form, part: number): void {
    const { walkers, sizes, placement } = this.#parts;
    const vectorLoop = placement.vectorLoop ?? -1;
    const along = form === 'vector' ? [{ loop: vectorLoop, iterations: 4 * part }] : [];
    const rest = walkers.push(walkers.walker(undefined, strides, 1), offset, [
      ...this.#displacedOn(strides),
      ...along,
    ]);
    if (rest !== 0) {
      this.#f.i32(rest);
      this.#f.op('i32.add');
    }
    if (form === 'lane') return;
    this.#f.op('i32x4.splat');
    const stride = strides[vectorLoop]!;
    const step = known(stride);
    if (step !== undefined) {
      this.words([0, step, 2 * step, 3 * step]);
    } else {
      this.words([0, 1, 2, 3]);
      sizes.push(stride);
      this.#f.op('i32x4.splat');
      this.#f.op('i32x4.mul');
    }
    this.#f.op('i32x4.add');
  }

  // --- memory ------------------------------------------------------------------------------------------------

  /** Puts the address on the stack of the element so many iterations of the vector loop on; gives its constant offset. */
  address(place: Place, iterations: number, lane?: { readonly part: number; readonly lane: number }): number {
    const { walkers, placement } = this.#parts;
    const along = iterations === 0 ? [] : [{ loop: placement.vectorLoop!, iterations }];
    const rest = walkers.push(this.walkerOf(place), place.offset, [
      ...this.#displacedOn(place.strides),
      ...along,
    ]);
    if (place.lookup) {
      if (this.#varies(place.lookup)) {
        this.push(place.lookup, 'vector', lane!.part);
        this.#f.op('i32x4.extract_lane', { lane: lane!.lane });
      } else {
        this.push(place.lookup, 'lane', 0);
      }
      this.#f.op('i32.add');
    }
    return rest;
  }

  /** The address of one lane. */
  laneAddress(place: Place, part: number, lane: number): number {
    return this.address(place, 4 * part + lane, { part, lane });
  }

  walkerOf({ region, strides }: Place): Walker {
    return this.#parts.walkers.walker(this.#parts.baseOf(region), strides, 4);
  }

  /** All that walks in a stage. */
  walkersOf(stage: number): Walker[] {
    const { values, walkers } = this.#parts;
    const made = values.stages[stage]!;
    const read = [...values.reach(made)].flatMap((value) => {
      const source = value.op === 'read' ? values.source(value) : undefined;
      if (source?.kind === 'index') return [walkers.walker(undefined, source.strides, 1)];
      return source?.kind === 'read' ? [this.walkerOf(source.place)] : [];
    });
    return [...read, ...made.stores.map(({ place }) => this.walkerOf(place))];
  }

  #displacedOn(strides: Place['strides']): readonly Displacement[] {
    return this.displaced.filter(({ loop }) => strides[loop] !== 0);
  }

  #loadVector(place: Place, part: number): void {
    if (this.#parts.placement.isContiguous(place)) {
      this.#f.op('v128.load', { offset: this.address(place, 4 * part) });
      return;
    }
    const lanes = this.#f.local('v128');
    this.#f.op('v128.load32_zero', { offset: this.laneAddress(place, part, 0) });
    this.#f.set(lanes);
    for (let lane = 1; lane < 4; lane++) {
      const offset = this.laneAddress(place, part, lane);
      this.#f.get(lanes);
      this.#f.op('v128.load32_lane', { offset, lane });
      this.#f.set(lanes);
    }
    this.#f.get(lanes);
    this.#f.release(lanes);
  }
}

/** Emits stores: whole vectors where lanes are neighbours, lane by lane elsewhere, and only the lanes that count. */

import type { FunctionBody, Local } from '../assembler/function.ts';
import type { StageValues } from '../scalar/values.ts';
import type { Emitter } from './emitter.ts';
import type { Placement } from './placement.ts';

/** How many lanes of a vector count: known, or only when it runs (1 to 3). */
export type Live = number | Local;

export type StoreValues = StageValues['stores'][number];

export class Stores {
  readonly #f: FunctionBody;
  readonly #emitter: Emitter;
  readonly #placement: Placement;

  constructor(f: FunctionBody, emitter: Emitter, placement: Placement) {
    this.#f = f;
    this.#emitter = emitter;
    this.#placement = placement;
  }

  /** Computes all that a store needs, so that no store of the stage comes before a read. */
  prepare({ place, value }: StoreValues, part: number): void {
    if (value.op !== 'constant') this.#emitter.ready(value, this.#placement.formAt(value, place), part);
    const { lookup } = place;
    if (lookup && lookup.op !== 'constant') this.#emitter.ready(lookup, this.#placement.formOf(lookup), part);
  }

  emit(store: StoreValues, part: number, live: Live): void {
    if (this.#placement.formAt(store.value, store.place) === 'lane') this.#scalar(store);
    else if (this.#placement.isContiguous(store.place) && live === 4) this.#whole(store, part);
    else if (this.#placement.isContiguous(store.place) && !store.add) this.#leading(store, part, live);
    else this.#laneByLane(store, part, live);
  }

  #scalar({ place, value, add }: StoreValues): void {
    const type = value.type === 'f32' ? 'f32' : 'i32';
    const offset = this.#emitter.address(place, 0);
    if (add) {
      const before = this.#emitter.address(place, 0);
      this.#f.op(`${type}.load`, { offset: before });
    }
    this.#emitter.push(value, 'lane', 0);
    if (add) this.#f.op(`${type}.add`);
    this.#f.op(`${type}.store`, { offset });
  }

  #whole({ place, value, add }: StoreValues, part: number): void {
    const offset = this.#emitter.address(place, 4 * part);
    if (add) this.#f.op('v128.load', { offset: this.#emitter.address(place, 4 * part) });
    this.#emitter.push(value, 'vector', part);
    if (add) this.#f.op(value.type === 'f32' ? 'f32x4.add' : 'i32x4.add');
    this.#f.op('v128.store', { offset });
  }

  /** The first one, two or three lanes. */
  #leading(store: StoreValues, part: number, live: Live): void {
    if (live === 1) this.#lanes(store, part, 0, 1);
    else if (live === 2) this.#lanes(store, part, 0, 2);
    else if (live === 3) {
      this.#lanes(store, part, 0, 2);
      this.#lanes(store, part, 2, 1);
    } else if (typeof live === 'number') throw new Error(`internal: ${live} leading lanes`);
    else this.#laneByLane(store, part, live);
  }

  #lanes({ place, value }: StoreValues, part: number, first: number, count: 1 | 2): void {
    const offset = this.#emitter.address(place, 4 * part + first);
    this.#emitter.push(value, 'vector', part);
    if (count === 2) this.#f.op('v128.store64_lane', { offset, lane: first / 2 });
    else this.#f.op('v128.store32_lane', { offset, lane: first });
  }

  #laneByLane(store: StoreValues, part: number, live: Live): void {
    for (let lane = 0; lane < 4; lane++) {
      if (typeof live === 'number') {
        if (lane < live) this.#lane(store, part, lane);
      } else if (lane === 0) {
        this.#lane(store, part, lane);
      } else {
        this.#f.get(live);
        this.#f.i32(lane);
        this.#f.op('i32.gt_s');
        this.#f.if(() => this.#emitter.scope(() => this.#lane(store, part, lane)));
      }
    }
  }

  #lane({ place, value, add }: StoreValues, part: number, lane: number): void {
    const offset = this.#emitter.laneAddress(place, part, lane);
    if (!add) {
      this.#emitter.push(value, 'vector', part);
      this.#f.op('v128.store32_lane', { offset, lane });
      return;
    }
    const type = value.type === 'f32' ? 'f32' : 'i32';
    const before = this.#emitter.laneAddress(place, part, lane);
    this.#f.op(`${type}.load`, { offset: before });
    this.#emitter.push(value, 'vector', part);
    this.#f.op(`${type}x4.extract_lane`, { lane });
    this.#f.op(`${type}.add`);
    this.#f.op(`${type}.store`, { offset });
  }
}
